import type { GraphQLError } from 'graphql';
import type { ResponsePath } from '../lib/json.ts';
import type { ErrorAt } from '../request/errors.ts';

/** Errors of entities, by the index of their representation. */
export class EntityErrors {
  readonly #ofAll: ErrorAt[] = [];
  readonly #byIndex = new Map<number, { error: ErrorAt; tail: ResponsePath }[]>();

  get isEmpty() {
    return this.#ofAll.length === 0 && this.#byIndex.size === 0;
  }

  has(index: number) {
    return this.#ofAll.length > 0 || this.#byIndex.has(index);
  }

  addToAll(error: ErrorAt) {
    this.#ofAll.push(error);
  }

  add(index: number, error: ErrorAt, tail: ResponsePath = []) {
    const problems = this.#byIndex.get(index) ?? [];
    problems.push({ error, tail });
    this.#byIndex.set(index, problems);
  }

  /** Yields the errors at one place. An error of the whole entity becomes an error of each requested field. */
  *at(index: number, path: ResponsePath, fields: readonly string[]): Iterable<GraphQLError> {
    for (const error of this.#ofAll) for (const field of fields) yield error([...path, field]);
    for (const { error, tail } of this.#byIndex.get(index) ?? []) {
      if (tail.length > 0) yield error([...path, ...tail]);
      else for (const field of fields) yield error([...path, field]);
    }
  }
}
