import {
  type ExecutionResult,
  type GraphQLOutputType,
  getNullableType,
  isListType,
  isNonNullType,
  locatedError,
} from 'graphql';
import type { PlannedField } from './plan.ts';

/** An object or a list of the answer. */
export type Holder = Record<string | number, unknown>;

interface Place {
  readonly holder: Holder;
  readonly key: string | number;
}

/** What went wrong at a place of the answer, which holds null since. */
export interface Fault extends Place {
  readonly field: PlannedField;
  readonly error: Error;
}

/**
 * The answer with its errors. Where they are is found only now, in one walk over the answer. A null that may
 * not be is taken up to the nearest place that may be null; a fault below a place that is null by then goes
 * with it.
 */
export function settleFaults(data: Holder, faults: readonly Fault[]): ExecutionResult {
  const places = placesIn(data);
  const errors = [];
  let answer: Holder | null = data;
  for (const fault of faults) {
    const path = pathOf(fault, data, places);
    if (!path || !answer) continue;
    errors.push(locatedError(fault.error, fault.field.nodes, path));
    const place = nullablePlace(fault, places);
    if (place) place.holder[place.key] = null;
    else answer = null;
  }
  return { errors, data: answer };
}

/** Where each object and list is. */
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

/** `undefined` for a place that the answer no longer has. */
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

/** The place itself or the nearest one around it that may be null; `undefined` where that is the whole answer. */
function nullablePlace(fault: Fault, places: ReadonlyMap<Holder, Place>): Place | undefined {
  let field: PlannedField | undefined = fault.field;
  let place: Place | undefined = fault;
  while (place && field && isNonNullType(typeAt(field, place, places))) {
    // From an object's field to the place of the object; from an item to the place of its list.
    if (!Array.isArray(place.holder)) field = field.parent;
    place = places.get(place.holder);
  }
  return place;
}

/** The type of what is at a place: of the field's values, or of the items of its lists. */
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
