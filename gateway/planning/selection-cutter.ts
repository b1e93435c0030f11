import type { FlattenNodePathSegment } from '@graphql-hive/router-query-planner';
import {
  type FieldNode,
  type GraphQLSchema,
  isObjectType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import type { RowRule } from '../request/denial.ts';
import { type OwnFields, ownFieldsOf } from '../supergraph/own-fields.ts';
import type { Supergraph } from '../supergraph/supergraph.ts';
import { responseKeyOf } from './collect-fields.ts';
import { flat, setOf } from './fetch-parts.ts';
import type { ShownRows } from './operation.ts';
import { fieldsOf } from './selections.ts';

export type Path = readonly FlattenNodePathSegment[];

/** The fields that are asked of the objects at a path, relative to the fetch, after their rows are tested. */
export type Cut = { readonly path: Path; readonly type: string; readonly fields: readonly SelectionNode[] };

/** A place in the selections of a fetch. */
type Place = {
  readonly type: string | undefined;
  readonly path: Path;
  /** The fields that row rules of outer rows test. They always stay. */
  readonly needed: readonly SelectionNode[];
};

/** Removes from the selections of a fetch what has to wait until rows are tested, and collects it. */
export class SelectionCutter {
  readonly cuts: Cut[] = [];
  readonly #subgraph: string;
  readonly #shown: ShownRows;
  readonly #schema: GraphQLSchema;
  readonly #supergraph: Supergraph;
  readonly #ownFields: OwnFields;

  constructor(subgraph: string, shown: ShownRows, supergraph: Supergraph) {
    this.#subgraph = subgraph;
    this.#shown = shown;
    this.#schema = supergraph.publicSchema;
    this.#supergraph = supergraph;
    this.#ownFields = ownFieldsOf(supergraph);
  }

  /** Cuts the selections below the root of an operation. The root fields stay. */
  ofRoot(set: SelectionSetNode, rootType: string): SelectionSetNode {
    return this.#below(set.selections, { type: rootType, path: [], needed: [] });
  }

  /** Cuts the selections of `_entities`, below the fields that are asked of the entities: their rows are tested. */
  ofEntities(set: SelectionSetNode | undefined): SelectionSetNode {
    return setOf(
      (set?.selections ?? []).map((selection) => {
        if (selection.kind !== Kind.INLINE_FRAGMENT) return selection;
        const place = { type: selection.typeCondition?.name.value, path: [], needed: [] };
        return { ...selection, selectionSet: this.#below(selection.selectionSet.selections, place) };
      }),
    );
  }

  /** Keeps the selections of a place, and cuts what is below them. */
  #below(selections: readonly SelectionNode[], place: Place): SelectionSetNode {
    const { type } = place;
    const all = flat(selections, type);
    const inner = { ...place, needed: [...place.needed, ...this.#neededBy(all, type)] };
    return setOf(all.map((selection) => this.#belowOne(selection, inner)));
  }

  /** Cuts the selections of a place, and what is below them. */
  #cut(selections: readonly SelectionNode[], place: Place): SelectionSetNode {
    const { type, path } = place;
    const all = flat(selections, type);
    const inner = { ...place, needed: [...place.needed, ...this.#neededBy(all, type)] };
    const { kept, cut } = this.#divide(all, inner);
    if (type !== undefined && cut.length > 0) this.cuts.push({ path, type, fields: cut });
    return setOf(kept.map((selection) => this.#belowOne(selection, inner)));
  }

  #belowOne(selection: SelectionNode, { type, path, needed }: Place): SelectionNode {
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      const condition = selection.typeCondition?.name.value;
      const to = condition === undefined ? path : [...path, { TypeCondition: [condition] }];
      const inner = { type: condition ?? type, path: to, needed };
      return { ...selection, selectionSet: this.#cut(selection.selectionSet.selections, inner) };
    }
    if (selection.kind !== Kind.FIELD || !selection.selectionSet) return selection;
    const inner = {
      type: type === undefined ? undefined : this.#supergraph.typeOfField(type, selection.name.value),
      path: [...path, { Field: responseKeyOf(selection) }],
      needed: neededBelow(selection, needed),
    };
    return { ...selection, selectionSet: this.#cut(selection.selectionSet.selections, inner) };
  }

  /** Returns the fields that the row rules of a type and of its selected fields test. */
  #neededBy(selections: readonly SelectionNode[], type: string | undefined): readonly SelectionNode[] {
    if (type === undefined) return [];
    const rules = selections.map((each) =>
      each.kind === Kind.FIELD ? this.#shown.ofField(type, each.name.value) : undefined,
    );
    return [this.#shown.ofRows(type), ...rules].flatMap((rule) => fieldsOf(rule?.needs));
  }

  /** Divides the selections of a type into those that stay and those that are asked later. */
  #divide(selections: readonly SelectionNode[], { type, needed }: Place): Divided {
    const whole = { kept: selections, cut: [] };
    if (type === undefined || !isObjectType(this.#schema.getType(type))) return whole;
    const key = this.#ownFields.entityKeyOf(this.#subgraph, type);
    if (!key) return whole;
    const mustWait = this.#waitingIn(selections, type);
    const { kept, cut } = joined(
      selections.map((selection) =>
        mustWait(selection) ? this.#divideByNeeds(selection, needed, type) : { kept: [selection], cut: [] },
      ),
    );
    return cut.length === 0 ? whole : { kept: [...kept, ...missingIn(kept, ['__typename', ...key])], cut };
  }

  /** Returns the function that decides whether a selection has to wait until a row is tested by other fields. */
  #waitingIn(selections: readonly SelectionNode[], type: string) {
    const waitsFor = (rule: RowRule | undefined) => rule !== undefined && !isTestedIn(selections, rule);
    const areRowsUntested = waitsFor(this.#shown.ofRows(type));
    return (selection: SelectionNode): selection is FieldNode =>
      selection.kind === Kind.FIELD &&
      this.#ownFields.resolves(this.#subgraph, type, selection.name.value) &&
      !this.#isKey(selection, type) &&
      (areRowsUntested || waitsFor(this.#shown.ofField(type, selection.name.value)));
  }

  /** Divides a field that leads to tested fields: only the path to them stays. */
  #divideByNeeds(field: FieldNode, needs: readonly SelectionNode[], parent: string): Divided {
    const needed = needs.filter((each) => isNeeded(field, each));
    if (needed.length === 0) return { kept: [], cut: [field] };
    const type = this.#supergraph.typeOfField(parent, field.name.value);
    if (!field.selectionSet || type === undefined) return { kept: [field], cut: [] };
    const inner = neededBelow(field, needed);
    const { kept, cut } = joined(
      flat(field.selectionSet.selections, type).map((each) =>
        each.kind !== Kind.FIELD || this.#isKey(each, type)
          ? { kept: [each], cut: [] }
          : this.#divideByNeeds(each, inner, type),
      ),
    );
    if (kept.length === 0) return { kept: [], cut: [field] };
    return {
      kept: [{ ...field, selectionSet: setOf(kept) }],
      cut: cut.length > 0 ? [{ ...field, selectionSet: setOf(cut) }] : [],
    };
  }

  /** Whether a field is a key of its type, or its name. Keys stay. */
  #isKey({ alias, name: { value: name } }: FieldNode, type: string): boolean {
    return !alias && (name === '__typename' || this.#supergraph.plainKeysOf(type).flat().includes(name));
  }
}

type Divided = { readonly kept: readonly SelectionNode[]; readonly cut: readonly SelectionNode[] };

const joined = (parts: readonly Divided[]): Divided => ({
  kept: parts.flatMap(({ kept }) => kept),
  cut: parts.flatMap(({ cut }) => cut),
});

/** Returns the fields of these names that the selections lack. */
const missingIn = (
  selections: readonly SelectionNode[],
  names: readonly string[],
): readonly SelectionNode[] =>
  names
    .filter(
      (name) =>
        !selections.some((each) => each.kind === Kind.FIELD && !each.alias && each.name.value === name),
    )
    .flatMap((name) => fieldsOf(name));

const isNeeded = (field: FieldNode, need: SelectionNode): need is FieldNode =>
  need.kind === Kind.FIELD && need.name.value === field.name.value && !field.alias;

const neededBelow = (field: FieldNode, needs: readonly SelectionNode[]): readonly SelectionNode[] =>
  needs.flatMap((need) => (isNeeded(field, need) ? (need.selectionSet?.selections ?? []) : []));

/** Returns whether selections bring all fields that a row rule tests. */
const isTestedIn = (selections: readonly SelectionNode[], { needs }: RowRule) =>
  hasAll(selections, fieldsOf(needs));

const hasAll = (selections: readonly SelectionNode[], needs: readonly SelectionNode[]): boolean =>
  needs.every((need) => {
    if (need.kind !== Kind.FIELD) return true;
    const below = need.selectionSet?.selections;
    return selections.some((each) => {
      if (each.kind === Kind.INLINE_FRAGMENT) return hasAll(each.selectionSet.selections, [need]);
      if (each.kind !== Kind.FIELD || each.alias || each.name.value !== need.name.value) return false;
      return !below || hasAll(each.selectionSet?.selections ?? [], below);
    });
  });
