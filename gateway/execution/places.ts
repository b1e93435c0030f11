import type { FlattenNodePathSegment } from '@graphql-hive/router-query-planner';
import { isObject, type Json, type ResponsePath } from './json.ts';
import type { Supergraph } from './supergraph.ts';

/** Visits each object that stands at one path of the plan, with its own path in the data (live: copy it to keep it). */
export type Places = (data: Json, visit: (object: Json, path: ResponsePath) => void) => void;

type Walk = (value: unknown, trail: (string | number)[], visit: Parameters<Places>[1]) => void;

export function compilePlaces(path: readonly FlattenNodePathSegment[], supergraph: Supergraph): Places {
  const walk = path.reduceRight((next, segment) => compileSegment(segment, next, supergraph), arrive);
  return (data, visit) => walk(data, [], visit);
}

const arrive: Walk = (value, trail, visit) => {
  if (isObject(value)) visit(value, trail);
  else if (Array.isArray(value)) eachItem(value, trail, visit, arrive);
};

function compileSegment(segment: FlattenNodePathSegment, next: Walk, supergraph: Supergraph): Walk {
  if (segment === '@') {
    return (value, trail, visit) => {
      if (Array.isArray(value)) eachItem(value, trail, visit, next);
    };
  }
  if ('Field' in segment) {
    const { Field: name } = segment;
    return (value, trail, visit) => {
      if (!isObject(value)) return;
      trail.push(name);
      next(value[name], trail, visit);
      trail.pop();
    };
  }
  const { TypeCondition: conditions } = segment;
  const onlyOfType: Walk = (value, trail, visit) => {
    if (Array.isArray(value)) eachItem(value, trail, visit, onlyOfType);
    else if (isObject(value)) {
      const { __typename: typeName } = value;
      const passes =
        typeof typeName !== 'string' ||
        conditions.some((condition) => supergraph.satisfies(typeName, condition));
      if (passes) next(value, trail, visit);
    }
  };
  return onlyOfType;
}

function eachItem(
  list: readonly unknown[],
  trail: (string | number)[],
  visit: Parameters<Places>[1],
  next: Walk,
) {
  for (let index = 0; index < list.length; index++) {
    trail.push(index);
    next(list[index], trail, visit);
    trail.pop();
  }
}
