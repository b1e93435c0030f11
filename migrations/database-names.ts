import { type MemberName, memberNames } from '@wenshu/schema/subgraph-sdl.ts';

/**
 * Names of the database schemas; roles, folders of migrations and settings have them too. The schema of the control plane is still
 * called `hub`: another name would move the tables, roles and settings of every installation.
 */
export const databaseNames = memberNames.map(databaseNameOf);
export type DatabaseName = Exclude<MemberName, 'control'> | 'hub';

/** Returns the name of a member's database schema. */
export function databaseNameOf(member: MemberName): DatabaseName {
  return member === 'control' ? 'hub' : member;
}
