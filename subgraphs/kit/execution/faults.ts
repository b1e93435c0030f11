import {
  type ExecutionResult,
  type GraphQLOutputType,
  getNullableType,
  isListType,
  isNonNullType,
  locatedError,
} from 'graphql';
import type { PlannedField } from './plan.ts';

/** An object or a list in the answer. */
export type Holder = Record<string | number, unknown>;

interface Place {
  readonly holder: Holder;
  readonly key: string | number;
}

/** An error at a place in the answer, which holds null, or a value that lacks a part. */
export interface Fault extends Place {
  readonly field: PlannedField;
  readonly error: Error;
  readonly keepsValue?: boolean;
}

/**
 * Returns the answer with its errors. Their paths are found here, in one walk over the answer. A null that is not allowed moves up to the
 * nearest nullable place; faults below a place that has become null are dropped.
 */
export function settleFaults(data: Holder, faults: readonly Fault[]): ExecutionResult {
  const places = placesIn(data);
  const errors = [];
  let answer: Holder | null = data;
  for (const fault of faults) {
    const path = pathOf(fault, data, places);
    if (!path || !answer) continue;
    errors.push(locatedError(fault.error, fault.field.nodes, path));
    if (fault.keepsValue) continue;
    const place = nullablePlace(fault, places);
    if (place) place.holder[place.key] = null;
    else answer = null;
  }
  return { errors, data: answer };
}

/** Returns the place of each object and list. */
function placesIn(data: Holder): Map<Holder, Place> {
  const places = new Map<Holder, Place>();
  const visit = (holder: Holder) => {
    for (const [key, value] of Object.entries(holder)) {
      if (typeof value !== 'object' || value === null) continue;
      places.set(value as Holder, { holder, key: Array.isArray(holder) ? Number(key) : key });
      visit(value as Holder);
    }
  };
  visit(data);
  return places;
}

/** Returns the path of a place; `undefined` if the answer no longer contains it. */
function pathOf(
  { holder, key }: Place,
  data: Holder,
  places: ReadonlyMap<Holder, Place>,
): (string | number)[] | undefined {
  const path = [key];
  for (let at = holder; at !== data; ) {
    const place = places.get(at);
    if (place?.holder[place.key] !== at) return undefined;
    path.unshift(place.key);
    at = place.holder;
  }
  return path;
}

/** Returns the nearest nullable place, from the place itself upwards; `undefined` if that is the whole answer. */
function nullablePlace(fault: Fault, places: ReadonlyMap<Holder, Place>): Place | undefined {
  let field: PlannedField | undefined = fault.field;
  let place: Place | undefined = fault;
  while (place && field && isNonNullType(typeAt(field, place, places))) {
    // Goes from an object's field to the place of the object, and from an item to the place of its list.
    if (!Array.isArray(place.holder)) field = field.parent;
    place = places.get(place.holder);
  }
  return place;
}

/** Returns the type at a place: that of the field's values, or of the items of its lists. */
function typeAt(
  { definition }: PlannedField,
  place: Place,
  places: ReadonlyMap<Holder, Place>,
): GraphQLOutputType {
  let type = definition.type;
  for (let at: Place | undefined = place; at && Array.isArray(at.holder); at = places.get(at.holder)) {
    const list = getNullableType(type);
    if (isListType(list)) type = list.ofType;
  }
  return type;
}
