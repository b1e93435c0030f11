import { type GraphQLSchema, type OperationDefinitionNode, TypeInfo } from 'graphql';
import type { Log } from '../lib/log.ts';
import type { Authorization, Authorize } from '../request/authorization.ts';
import { fragmentsOf } from '../request/fragments.ts';
import type { Supergraph } from '../supergraph/supergraph.ts';
import { denyUnmet } from './denials.ts';
import type { Policies } from './policies.ts';
import { credentialsOf, isMet, type Requirement, readSecurity, type Security } from './security.ts';
import { visitOperation } from './visit-operation.ts';

/**
 * Enforces `@authenticated`, `@requiresScopes` and `@policy` of a supergraph, in addition to the authorization
 * `otherwise`. They are enforced even if callers need not authenticate: an anonymous caller is not authenticated.
 */
export function authorizeBySecurity(
  { document: sdl, publicSchema }: Pick<Supergraph, 'document' | 'publicSchema'>,
  policies: Policies,
  otherwise: Authorize | undefined,
  log: Log,
): Authorize | undefined {
  const security = readSecurity(sdl, publicSchema);
  if (!security) return otherwise;
  warnOfUnknown(security, policies, log);
  const known = new WeakMap<OperationDefinitionNode, readonly Requirement[]>();

  return (document, operation, variables, context) => {
    const authorization = otherwise?.(document, operation, variables, context);
    if (context.isOwnQuestion) return authorization;
    let demands = known.get(operation);
    if (!demands) {
      demands = demandsOf(document, operation, publicSchema, security);
      known.set(operation, demands);
    }
    if (demands.length === 0) return authorization;
    const credentials = credentialsOf(context.caller, policies);
    const unmet = new Set(demands.filter((each) => !isMet(each, credentials)));
    if (unmet.size === 0) return authorization;
    return withUnmet(authorization ?? { ...nothing, isStrict: context.isStrict ?? false }, unmet, security);
  };
}

function withUnmet(
  authorization: Authorization,
  unmet: ReadonlySet<Requirement>,
  security: Security,
): Authorization {
  const key = `\nunmet ${JSON.stringify([...unmet])}`;
  return {
    ...authorization,
    policy: authorization.policy + key,
    key: authorization.key + key,
    denied: [...authorization.denied, ...[...unmet].map(denyUnmet)],
    denialOfSelection(parent, field) {
      const demand = security.demandsOf(parent, field).find((each) => unmet.has(each));
      return demand && denyUnmet(demand);
    },
    denialOfFragment(typeName) {
      const demand = security.demandsOfFragment(typeName).find((each) => unmet.has(each));
      return demand && denyUnmet(demand);
    },
  };
}

/** The authorization of an operation from which nothing is removed. */
const nothing: Authorization = {
  policy: '',
  key: '',
  denied: [],
  denialOf: () => undefined,
  rowDenialOf: () => undefined,
  listFilterOf: () => undefined,
  isFilteredByRelated: () => false,
  denialOfUse: () => undefined,
  usedByVariables: new Map(),
  seen: [],
  disclosure: undefined,
  isStrict: false,
};

/** Lists the requirements of an operation, each once. */
function demandsOf(
  document: Parameters<Authorize>[0],
  operation: OperationDefinitionNode,
  schema: GraphQLSchema,
  security: Security,
): readonly Requirement[] {
  const demands = new Set<Requirement>();
  const types = new TypeInfo(schema);
  visitOperation(operation, fragmentsOf(document.definitions), types, {
    Field(field) {
      const parent = types.getParentType();
      if (parent) for (const each of security.demandsOf(parent, field)) demands.add(each);
    },
    NamedType({ name }) {
      for (const each of security.demandsOfFragment(name.value)) demands.add(each);
    },
  });
  return [...demands];
}

function warnOfUnknown(security: Security, policies: Policies, log: Log): void {
  const unknown = security.policies.filter((policy) => !policies.has(policy));
  if (unknown.length === 0) return;
  log.warn(
    { policies: unknown },
    'POLICIES does not list these policies of the supergraph, so nobody meets them.',
  );
}
