import type { FlattenNodePathSegment } from '@graphql-hive/router-query-planner';
import { isObject, type Json, type ResponsePath } from '../lib/json.ts';
import type { Supergraph } from '../supergraph/supergraph.ts';
import type { MergedData } from './merged-data.ts';
import type { Gate, GatesOnPath } from './row-gates.ts';
import type { Run } from './run.ts';

/** Visits the objects at one path of the plan. */
export type PathWalker = {
  /** Visits each object. An object at many places may be visited once. */
  each(run: Run, visit: (object: Json) => void): void;
  /** Visits every place, with its path in the data. The path changes afterwards: copy it to keep it. */
  trace(run: Run, visit: (object: Json, path: ResponsePath) => void): void;
};

type Walk = (value: unknown, walker: Walker) => void;

type Walker = {
  readonly mergedData: MergedData;
  readonly visit: (object: Json, path: ResponsePath) => void;
  /** Current path; undefined when it is not needed. */
  readonly trail: (string | number)[] | undefined;
  /**
   * Lists already visited, by the part of the path that follows, because data that leads back to itself has one list at
   * several depths; undefined when each place counts.
   */
  readonly walked: Map<Walk, Set<unknown>> | undefined;
};

const nowhere: ResponsePath = [];

/** Compiles a path walker. It does not visit objects behind a closed gate. */
export function compilePathWalker(
  path: readonly FlattenNodePathSegment[],
  supergraph: Supergraph,
  gates: GatesOnPath = [],
): PathWalker {
  const walk = path.reduceRight(
    (next, segment, i) => through(gates[i], compileSegment(segment, next, supergraph)),
    through(gates[path.length], arrive),
  );
  return {
    each: ({ data, mergedData }, visit) =>
      walk(data, { mergedData, visit, trail: undefined, walked: new Map() }),
    trace: ({ data, mergedData }, visit) => walk(data, { mergedData, visit, trail: [], walked: undefined }),
  };
}

const arrive: Walk = (value, walker) => {
  if (isObject(value)) walker.visit(value, walker.trail ?? nowhere);
  else if (Array.isArray(value)) eachItem(value, walker, arrive);
};

/** Tests each object before going on. */
function through(gates: readonly Gate[] = [], next: Walk): Walk {
  if (gates.length === 0) return next;
  const tested: Walk = (value, walker) => {
    if (Array.isArray(value)) eachItem(value, walker, tested);
    else if (isObject(value) && gates.every((gate) => gate.isOpen(value, walker.mergedData)))
      next(value, walker);
  };
  return tested;
}

function compileSegment(segment: FlattenNodePathSegment, next: Walk, supergraph: Supergraph): Walk {
  if (segment === '@') {
    return (value, walker) => {
      if (Array.isArray(value)) eachItem(value, walker, next);
    };
  }
  if ('Field' in segment) {
    const { Field: name } = segment;
    const intoField: Walk = (value, walker) => {
      // For nested lists the planner (0.0.38) names only the outer one.
      if (Array.isArray(value)) eachItem(value, walker, intoField);
      else if (isObject(value)) {
        walker.trail?.push(name);
        next(walker.mergedData.read(value, name), walker);
        walker.trail?.pop();
      }
    };
    return intoField;
  }
  const { TypeCondition: conditions } = segment;
  const onlyOfType: Walk = (value, walker) => {
    if (Array.isArray(value)) eachItem(value, walker, onlyOfType);
    else if (isObject(value)) {
      const typeName = walker.mergedData.read(value, '__typename');
      const passes =
        typeof typeName !== 'string' ||
        conditions.some((condition) => supergraph.satisfies(typeName, condition));
      if (passes) next(value, walker);
    }
  };
  return onlyOfType;
}

function eachItem(list: readonly unknown[], walker: Walker, next: Walk): void {
  const { trail, walked } = walker;
  if (walked && !isFirst(list, next, walked)) return;
  for (let index = 0; index < list.length; index++) {
    trail?.push(index);
    next(list[index], walker);
    trail?.pop();
  }
}

function isFirst(list: readonly unknown[], next: Walk, walked: Map<Walk, Set<unknown>>): boolean {
  const lists = walked.get(next);
  if (lists?.has(list)) return false;
  if (lists) lists.add(list);
  else walked.set(next, new Set([list]));
  return true;
}
