import { type Caller, departmentNames } from '@wenshu/schema/caller.ts';
import { badInput } from '@wenshu/schema/errors.ts';
import type { Writable } from '@wenshu/schema/sharing.ts';
import { type FieldNode, type GraphQLField, getArgumentValues, Kind, type SelectionSetNode } from 'graphql';
import type { Json } from '../lib/json.ts';
import { type Fragments, fragmentsOf } from '../request/fragments.ts';
import { notAllowed } from '../request/refusal.ts';
import type { WritableField } from '../supergraph/writable.ts';
import type { ValidOperation } from './check-cost.ts';

/** A change that an operation asks for. */
export type AskedChange = {
  readonly name: string;
  /** Its key in the answer. */
  readonly key: string;
  readonly rule: WritableField;
  /** The coerced `input` of the change; undefined if it has none. */
  readonly input: Json | undefined;
};

/** Returns the changes of a valid operation that declare who may make them; empty for a query. */
export function changesIn(
  { schema, document, operation }: ValidOperation,
  variables: Json,
  writable: ReadonlyMap<string, WritableField>,
): readonly AskedChange[] {
  if (operation.operation !== 'mutation' || writable.size === 0) return [];
  const fields = schema.getMutationType()?.getFields() ?? {};
  return rootFieldsOf(operation.selectionSet, fragmentsOf(document.definitions)).flatMap((node) => {
    const name = node.name.value;
    const rule = writable.get(name);
    const field = fields[name];
    return rule && field
      ? [{ name, key: node.alias?.value ?? name, rule, input: inputOf(field, node, variables) }]
      : [];
  });
}

function inputOf(field: GraphQLField<unknown, unknown>, node: FieldNode, variables: Json): Json | undefined {
  try {
    return getArgumentValues(field, node, variables).input as Json | undefined;
  } catch {
    // The executor reports a wrong argument.
    return undefined;
  }
}

const rootFieldsOf = ({ selections }: SelectionSetNode, fragments: Fragments): readonly FieldNode[] =>
  selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return [selection];
    const inner =
      selection.kind === Kind.INLINE_FRAGMENT
        ? selection.selectionSet
        : fragments.get(selection.name.value)?.selectionSet;
    return inner ? rootFieldsOf(inner, fragments) : [];
  });

/** Refuses an operation with a change that is not the caller's to make. Without admission, everybody may ask. */
export function checkWriting(changes: readonly AskedChange[], caller: Caller | undefined): void {
  refuseTogether(changes);
  if (!caller) return;
  const refused = changes.find((change) => !mayWrite(change, caller));
  if (!refused) return;
  const { name, rule } = refused;
  const writers = writersIn(rule);
  throw notAllowed(`Only ${writers.en} may ask for ${name}.`, {
    coordinate: `Mutation.${name}`,
    messageZh: `${name} 仅限${writers.zh}。`,
  });
}

/** Facts are as new as the change that rests on them, so nothing else is changed between. */
function refuseTogether(changes: readonly AskedChange[]): void {
  const needy = changes.find(({ rule }) => rule.evidence !== undefined);
  if (!needy || changes.length === 1) return;
  throw badInput(
    needy.name,
    `${needy.name} rests on facts of other departments. Ask for it alone.`,
    `${needy.name} 依据其他部门的事实,请单独提交。`,
  );
}

function mayWrite(
  { name, rule: { departments, roles, actions, isOfAgency } }: AskedChange,
  caller: Caller,
): boolean {
  if (caller.kind === 'system') return roles.includes('system');
  if (caller.kind === 'partner') {
    // What the control part keeps belongs to no department that could approve it.
    const isApproved =
      !isOfAgency || (caller.approvals?.some(({ fields }) => fields.includes(`Mutation.${name}`)) ?? false);
    return isApproved && actions.some((action) => caller.actions?.includes(action));
  }
  if (caller.kind !== 'department') return false;
  return (departments?.includes(caller.department) ?? true) && roles.some((role) => role === caller.role);
}

/** Says in English and in Chinese who may make a change. */
function writersIn({ departments, roles, actions }: Writable): { readonly en: string; readonly zh: string } {
  const hasKeys = actions.length > 0;
  const owners = departments?.map((each) => ({ zh: departmentNames[each], code: each }));
  const ownersEn = owners?.map(({ zh, code }) => `${zh} (${code})`).join(' or ') ?? 'a department';
  const ownersZh = owners?.map(({ zh, code }) => `${zh}(${code})`).join('或') ?? '部门';
  return {
    en: [
      ...(roles.length > 0 ? [`${roles.map((role) => `${role}s`).join(' and ')} of ${ownersEn}`] : []),
      ...(hasKeys ? [`keys with the action ${actions.join(' or ')}`] : []),
    ].join(', and '),
    zh: [
      ...(roles.length > 0 ? [`${ownersZh}的以下角色:${roles.join('、')}`] : []),
      ...(hasKeys ? [`含动作 ${actions.join(' 或 ')} 的密钥`] : []),
    ].join(',以及'),
  };
}
