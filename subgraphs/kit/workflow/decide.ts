import { createHash } from 'node:crypto';
import { type Caller, departments } from '@wenshu/schema/caller.ts';
import { conflict, HubError, notFound } from '@wenshu/schema/errors.ts';
import type { Actor, Transition, WorkflowTable } from './table.ts';

/** What a decision rests on: the object as it is, and the caller's part in it. */
export type Situation = {
  /** The stage; undefined before the object is made. */
  readonly stage: string | undefined;
  readonly version: number | undefined;
  /** Whether the object is in the region that the caller is limited to. */
  readonly isInRegion: boolean;
  /** The relations of the caller's agency to the object. */
  readonly relations: ReadonlySet<string>;
  /** The conditions of the table that hold for the object. */
  readonly conditions: ReadonlySet<string>;
  /** Whether the object is about the enterprise of the caller's key. */
  readonly isOwnEnterprise: boolean;
  /** All authors of each action, as `authorOf` names them. */
  readonly authors: ReadonlyMap<string, readonly string[]>;
};

/** The author of what the hub carries out by itself. */
const systemAuthor = 'system';

/**
 * Returns the author of a step: a SHA-256 that is equal for the same person or key, and names nobody; undefined for
 * callers who carry out nothing.
 */
export function authorOf(caller: Caller | undefined): string | undefined {
  switch (caller?.kind) {
    case 'department':
      return sha256(`person:${caller.department} ${caller.user}`);
    case 'partner':
      return sha256(`key:${caller.keyId}`);
    case 'system':
      return systemAuthor;
    default:
      return undefined;
  }
}

/**
 * Returns all authors that are the same person or key as the caller. A person may have tokens of several departments, with the
 * same subject, and is one person in all of them.
 */
export function sameAuthorsAs(caller: Caller | undefined): readonly string[] {
  const all =
    caller?.kind === 'department'
      ? departments.map((department) => authorOf({ ...caller, department }))
      : [authorOf(caller)];
  return all.filter((author) => author !== undefined);
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** Whether one line of `by` names the caller. */
function isNamed(actor: Actor, caller: Caller, situation: Situation): boolean {
  if (actor.system) return caller.kind === 'system';
  if (actor.key !== undefined) {
    return (
      caller.kind === 'partner' &&
      (situation.isOwnEnterprise || (actor.ofAnyEnterprise === true && caller.enterpriseId !== undefined)) &&
      (caller.actions?.includes(actor.key) ?? false)
    );
  }
  return (
    caller.kind === 'department' &&
    situation.isInRegion &&
    (actor.department === undefined || actor.department === caller.department) &&
    (actor.roles === undefined || actor.roles.includes(caller.role)) &&
    (actor.as === undefined || situation.relations.has(actor.as))
  );
}

const mayDo = ({ by }: Transition, caller: Caller, situation: Situation) =>
  by.some((actor) => isNamed(actor, caller, situation));

const isAtStage = ({ from }: Transition, { stage }: Situation) =>
  stage === undefined ? from.length === 0 : from.includes(stage);

const holds = ({ when }: Transition, { conditions }: Situation) => when === undefined || conditions.has(when);

const isPossible = (transition: Transition, situation: Situation) =>
  isAtStage(transition, situation) && holds(transition, situation);

/** Returns the earlier action of the caller because of which somebody else must carry out this one; undefined if the caller may. */
function secondPersonOf(
  { notBy = [] }: Transition,
  caller: Caller,
  { authors }: Situation,
): string | undefined {
  if (notBy.length === 0) return undefined;
  const own = sameAuthorsAs(caller);
  // Any time counts, not the last alone: what others did after it does not undo the caller's part.
  return notBy.find((action) => authors.get(action)?.some((author) => own.includes(author)));
}

/** Returns the actions that the caller may carry out now; with `onlyTasks`, those that somebody has to carry out. */
export const allowedActions = <Action extends string>(
  { transitions }: WorkflowTable<string, Action>,
  caller: Caller | undefined,
  situation: Situation,
  { onlyTasks = false } = {},
): readonly Action[] => {
  if (!caller) return [];
  const allowed = transitions.filter(
    (each) =>
      (each.isTask || !onlyTasks) &&
      isPossible(each, situation) &&
      mayDo(each, caller, situation) &&
      !secondPersonOf(each, caller, situation),
  );
  return [...new Set(allowed.map(({ action }) => action))];
};

/** An action that a caller asks for. `id` and `version` are undefined for an action that makes the object. */
export type AskedAction<Action extends string> = {
  readonly action: Action;
  readonly id?: string;
  readonly version?: number | undefined;
};

/** Whether the caller has any part in an object. To others it is as if there were none. */
const hasPart = ({ owner, isOpen }: WorkflowTable, caller: Caller, situation: Situation): boolean =>
  isOpen === true ||
  situation.stage === undefined ||
  situation.isOwnEnterprise ||
  caller.kind === 'system' ||
  (situation.isInRegion &&
    (situation.relations.size > 0 || (caller.kind === 'department' && caller.department === owner)));

/**
 * Returns the transition that carries out an action. Throws FORBIDDEN when it is not the caller's to do, NOT_FOUND when
 * the caller has no part in the object, CONFLICT when it has changed since `version`, WRONG_STAGE with the actions that
 * are possible instead, and SECOND_PERSON.
 */
export function decide<Stage extends string, Action extends string>(
  table: WorkflowTable<Stage, Action>,
  { action, version, id = '' }: AskedAction<Action>,
  caller: Caller | undefined,
  situation: Situation,
): Transition<Stage, Action> {
  const named = table.transitions.filter((each) => each.action === action);
  if (!caller || !authorOf(caller)) throw unknownAuthor();
  const own = named.filter((each) => mayDo(each, caller, situation));
  if (own.length === 0) {
    if (!hasPart(table, caller, situation)) throw notFound(table.type, table.typeZh, id);
    throw notYours(table, action);
  }
  if (version !== situation.version) throw changed(table, situation);
  const atStage = own.filter((each) => isAtStage(each, situation));
  const transition = atStage.find((each) => holds(each, situation));
  if (!transition) throw wrongStage(table, action, caller, situation, atStage[0]?.when);
  const second = secondPersonOf(transition, caller, situation);
  if (second !== undefined) throw needsSecondPerson(table, action, second);
  return transition;
}

const unknownAuthor = () =>
  new HubError('UNAUTHENTICATED', 'A step needs an author. Send a token or an API key.', {
    messageZh: '办理须有办理人。请附上令牌或 API 密钥。',
  });

const notYours = ({ type, typeZh }: WorkflowTable, action: string) =>
  new HubError('FORBIDDEN', `The action "${action}" of this ${type} is not yours to carry out.`, {
    messageZh: `该${typeZh}的“${action}”不由您办理。`,
    action,
  });

const changed = ({ type, typeZh }: WorkflowTable, { version, stage }: Situation) =>
  conflict(`This ${type} has changed: it has version ${version} and stage ${stage} now. Read it again.`, {
    messageZh: `该${typeZh}已变更:现为第 ${version} 版,环节 ${stage}。请重新读取。`,
    version,
    stage,
  });

function wrongStage(
  table: WorkflowTable,
  action: string,
  caller: Caller,
  situation: Situation,
  unmet: string | undefined,
): HubError {
  const allowed = allowedActions(table, caller, situation);
  const because = unmet === undefined ? undefined : table.conditions?.[unmet];
  return new HubError(
    'WRONG_STAGE',
    `The action "${action}" is not possible ${because ? `now: ${because.en}` : `in stage ${situation.stage}.`} Possible are: ${allowed.join(', ') || 'none'}.`,
    {
      messageZh: `${because ? `现在不能“${action}”:${because.zh}` : `环节 ${situation.stage} 不能“${action}”。`}可办:${allowed.join('、') || '无'}。`,
      stage: situation.stage,
      allowed,
    },
  );
}

const needsSecondPerson = ({ type, typeZh }: WorkflowTable, action: string, earlier: string) =>
  new HubError(
    'SECOND_PERSON',
    `You carried out "${earlier}" of this ${type}, so somebody else must carry out "${action}".`,
    { messageZh: `您已办理该${typeZh}的“${earlier}”,“${action}”须由他人办理。`, action, earlier },
  );
