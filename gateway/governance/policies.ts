import { readFile } from 'node:fs/promises';
import { ConfigError } from '../lib/config-error.ts';
import { isObject } from '../lib/json.ts';

/** A `@policy`: a caller with one of these roles or one of these scopes meets it. */
export type Policy = { readonly roles: readonly string[]; readonly scopes: readonly string[] };

/** Policies by name. No caller meets a policy that is missing here. */
export type Policies = ReadonlyMap<string, Policy>;

export const noPolicies: Policies = new Map();

/** Reads `{ "NAME": { "roles": […], "scopes": […] } }`. Rejects if the file has another form. */
export async function readPolicies(file: string | undefined): Promise<Policies> {
  if (file === undefined) return noPolicies;
  const value = await readFile(file, 'utf8')
    .then((text): unknown => JSON.parse(text))
    .catch((cause) => {
      throw new ConfigError([`POLICIES ${file} cannot be read (${cause.code ?? 'it is no JSON'}).`]);
    });
  if (!isObject(value) || Array.isArray(value))
    throw new ConfigError([`POLICIES ${file} must be an object.`]);
  return new Map(
    Object.entries(value).map(([name, given]) => {
      const policy = policyOf(given);
      if (policy) return [name, policy] as const;
      throw new ConfigError([
        `POLICIES ${file} must say of "${name}" who meets it, as {"roles": ["editor"], "scopes": ["read"]}.`,
      ]);
    }),
  );
}

function policyOf(given: unknown): Policy | undefined {
  if (!isObject(given) || Array.isArray(given)) return undefined;
  const { roles = [], scopes = [], ...others } = given;
  const areLists = [roles, scopes].every(
    (list) => Array.isArray(list) && list.every((each) => typeof each === 'string'),
  );
  if (!areLists || Object.keys(others).length > 0) return undefined;
  return { roles: roles as string[], scopes: scopes as string[] };
}
