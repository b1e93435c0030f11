import type { RowSharing } from '@wenshu/schema/sharing.ts';
import { memoizeByName } from '../lib/memoize.ts';
import {
  type Decide,
  type Decision,
  type PolicyModel,
  type ProtectedField,
  protectedFieldAt,
} from './policy-model.ts';
import { both, either, type Rows } from './rows.ts';

/** The rows of each type, and of each field, that one caller may see. */
export class VisibleRows {
  readonly #decide: Decide;
  readonly #model: PolicyModel;

  constructor(decide: Decide, model: PolicyModel) {
    this.#decide = decide;
    this.#model = model;
  }

  /** Returns the decision about a coordinate; undefined if it has no sharing class. */
  readonly decisionAt = memoizeByName(
    (coordinate): (Decision & { readonly field: ProtectedField }) | undefined => {
      const field = protectedFieldAt(coordinate, this.#model);
      return field && { field, ...this.#decide(field) };
    },
  );

  /**
   * Returns the rows that the caller may know of: rows whose `id` it may see or, if it sees no id, rows with any
   * visible field. If it sees nothing, each field has a denial of its own, and exceptional rows (`@sharingRows`) are
   * hidden all the same.
   */
  readonly knownOf = memoizeByName((typeName): Rows => {
    const { shape, sharing } = this.#model;
    if (shape.isWrapper(typeName)) return 'all';
    const known = [shape.identityOf(typeName), shape.fieldsOf(typeName)]
      .map((coordinates) => either(...coordinates.flatMap((each) => this.decisionAt(each)?.rows ?? [])))
      .find((rows) => rows !== 'none');
    const { rows: special } = sharing.ofType(typeName);
    return known ?? (special && special.class !== 'UNCONDITIONAL' ? this.usualOf(typeName, special) : 'all');
  });

  /** Returns the decision about the identity of a type of whose rows the caller sees nothing at all; undefined for any other. */
  readonly nothingOf = memoizeByName((typeName) => {
    const { shape } = this.#model;
    const decisions = shape.fieldsOf(typeName).flatMap((each) => this.decisionAt(each) ?? []);
    const [identity] = shape.identityOf(typeName);
    return identity && decisions.every(({ rows }) => rows === 'none') ? this.decisionAt(identity) : undefined;
  });

  /** Returns the rows that are shown: the known rows that do not contain, in a non-null field, a hidden row. */
  shownOf(typeName: string, above: readonly string[] = []): Rows {
    const { shape, rowRules } = this.#model;
    return both(
      this.knownOf(typeName),
      ...shape.heldBy(typeName).map((held): Rows => {
        const rows = above.includes(held.typeName)
          ? 'all'
          : this.shownOf(held.typeName, [...above, typeName]);
        return typeof rows === 'string' ? rows : rowRules.holding(typeName, held.field, rows);
      }),
    );
  }

  /** Returns the rows of a type that are not exceptional. */
  usualOf(typeName: string, { where }: RowSharing): Rows {
    return this.#model.rowRules.meeting(typeName, where).no;
  }
}
