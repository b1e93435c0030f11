/** A value of the answer that lacks a part. Its errors stand at its place and say what is missing. */
export class Incomplete {
  readonly value: unknown;
  readonly errors: readonly Error[];

  constructor(value: unknown, errors: readonly Error[]) {
    this.value = value;
    this.errors = errors;
  }
}

/** Returns a value for a resolver to return, with the errors that say what it lacks. */
export const lacking = <Value>(value: Value, errors: readonly Error[]): Value =>
  // The execution replaces it by the value, so that resolvers need not know the difference.
  errors.length === 0 ? value : (new Incomplete(value, errors) as Value);
