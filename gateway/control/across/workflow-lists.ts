import { type WorkflowTypeName, workflowTypes } from '@wenshu/schema/workflow-types.ts';
import { workflowFieldsOf } from '@wenshu/schema/workflows.ts';
import type { WorkflowType } from '../schema-types.ts';
import type { Answers, Asking } from './ask-agencies.ts';

/** A type whose objects workflows work on: its name in the graph, and as a value of `WorkflowType`. */
type Worked = { readonly name: WorkflowTypeName; readonly type: WorkflowType };

const inCapitals = (name: string) => name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase();

/** All of these types. */
const worked: readonly Worked[] = (Object.keys(workflowTypes) as WorkflowTypeName[]).map((name) => ({
  name,
  type: inCapitals(name) as WorkflowType,
}));

/** Returns the asked types, or all. */
export const workedOf = (types: readonly WorkflowType[] | null | undefined): readonly Worked[] =>
  types ? worked.filter(({ type }) => types.includes(type)) : worked;

/** Returns the value for a type of the graph; undefined if no workflow works on it. */
export const workflowTypeOf = (typeName: string): WorkflowType | undefined =>
  worked.find(({ name }) => name === typeName)?.type;

/**
 * Returns the asker without a purpose. Then no agreement applies: what such a list says of objects is not on record as read under one.
 * It is for those who own the objects, who are named in them, or whom they are about.
 */
export const withoutPurpose = ({ caller, requestId, signal }: Asking): Asking => ({
  ...(caller && { caller }),
  ...(requestId && { requestId }),
  ...(signal && { signal }),
});

/** Returns a question for a list of each type, under the type's name and with a position of its own. */
export const questionOf = (
  kind: 'changes' | 'tasks',
  types: readonly Worked[],
  parameters: string,
  given: string,
  edge: string,
): string => {
  const positions = types.map(({ name }) => `$${name}: String`).join(', ');
  const lists = types.map(
    ({ name }) =>
      `${name}: ${workflowFieldsOf(name)[kind]}(first: $first, after: $${name}, synthetic: $synthetic, ${given}) {
        edges { cursor regionCode ${edge} node { id } } pageInfo { hasNextPage endCursor }
      }`,
  );
  return `query ${kind === 'changes' ? 'Changes' : 'Tasks'}OfAll($first: Int, $synthetic: Boolean, ${parameters}, ${positions}) { ${lists.join('\n')} }`;
};

/** What is found where no type is asked. */
export const nothing: Answers = { data: {}, gaps: [] };

/** What the graph answers for one type. */
export type Answered<Said> = {
  readonly edges: readonly (Said & {
    readonly cursor: string;
    readonly regionCode: string | null;
    readonly node: { readonly id: string };
  })[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
};

/** Returns what every entry of such a list says of its object. */
export const objectOf = (
  { name, type }: Worked,
  { node: { id }, regionCode }: Answered<unknown>['edges'][number],
) => ({
  type,
  id,
  object: { __typename: name, id },
  region: regionCode === null ? null : { code: regionCode },
});
