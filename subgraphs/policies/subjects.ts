import { manyByKey } from '@wenshu/kit/by-key.ts';
import type { Context } from '@wenshu/kit/context.ts';
import { nullIfNone } from '@wenshu/kit/null-if-none.ts';
import { referenceTo } from '@wenshu/kit/reference.ts';
import { agencySubjects, policySubjects } from './tables.ts';

type Row = { readonly id: string };
type RoleArgs = { readonly role?: string | null };

/** Returns the subjects that a policy mentions, in one role or in any; null if it mentions none. */
export const subjectsOfPolicy = async (policy: Row, args: RoleArgs, context: Context) =>
  nullIfNone(await mentionsIn(policy, args, context));

/** Returns the enterprises that a policy mentions, with their roles; null if it mentions none. */
export async function enterprisesOfPolicy(policy: Row, args: RoleArgs, context: Context) {
  const mentions = await mentionsIn(policy, args, context);
  return nullIfNone(
    mentions
      .filter(({ targetType }) => targetType === 'Enterprise')
      .map(({ role, targetId }) => ({ role, enterprise: referenceTo('Enterprise', targetId) })),
  );
}

/** Returns the records of agencies that name an agency, in one role or in any; null if none does. */
export async function namingsOfAgency({ id }: Row, { role }: RoleArgs, context: Context) {
  const { targetId, ownerId } = agencySubjects;
  return nullIfNone((await manyByKey(context, agencySubjects, targetId, id, ownerId)).filter(inRole(role)));
}

const mentionsIn = async ({ id }: Row, { role }: RoleArgs, context: Context) =>
  (await manyByKey(context, policySubjects, policySubjects.policyId, id, policySubjects.seq)).filter(
    inRole(role),
  );

const inRole =
  (role: string | null | undefined) =>
  (named: { readonly role: string }): boolean =>
    !role || named.role === role;
