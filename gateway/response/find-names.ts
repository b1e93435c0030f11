import type { Caller } from '@wenshu/schema/caller.ts';
import { isDenial } from '@wenshu/schema/errors.ts';
import type { MissingFact } from '@wenshu/schema/evidence.ts';
import { type RecordField, recordFieldOf, type UnknownName } from '@wenshu/schema/named-records.ts';
import type { Asker } from '@wenshu/schema/signature.ts';
import { type GraphQLSchema, getOperationAST } from 'graphql';
import { type AskedChange, changesIn } from '../admission/check-writing.ts';
import { inBatches } from '../lib/batches.ts';
import { isObject, type Json } from '../lib/json.ts';
import type { AskForCaller } from '../request/ask-for-caller.ts';
import type { GatewayContext } from '../request/context.ts';
import { ownersIn } from '../supergraph/evidence.ts';
import type { Supergraph } from '../supergraph/supergraph.ts';
import { readWritable } from '../supergraph/writable.ts';
import type { ExecuteStep, OperationRequest } from './operation-steps.ts';

/** An id in the input of a change, and the root field that finds its record. */
type Named = UnknownName & RecordField & { readonly type: string };

const timeoutMs = 5_000;

/** Number of ids of one question. */
const idsAtOnce = 20;

/**
 * Finds out which records of other agencies a change names (`@writable(names:)`) that its caller could not find, and
 * hands them to the agency with the call: what the caller may not see is to it as if it were not there. Where an agency
 * does not answer, the change lacks a fact, and is refused as any that does.
 */
export const withNames =
  (
    supergraphOf: (schema: GraphQLSchema) => Supergraph,
    ask: AskForCaller,
    execute: ExecuteStep,
  ): ExecuteStep =>
  async (request) => {
    const supergraph = supergraphOf(request.schema);
    const named = namedIn(request, supergraph);
    if (named.length === 0) return execute(request);
    const { context } = request;
    const found = await inBatches(named, idsAtOnce, (some) => find(ask, context, some));
    const unknownNames = found.flatMap(({ unknown }) => unknown);
    const lacking = [...new Set(found.flatMap((each) => each.lacking))];
    const ownerOf = ownersIn(supergraph.document);
    const missing = lacking.map((coordinate) => withOwner(coordinate, ownerOf(coordinate)));
    const { at, data, facts } = context.evidence ?? { at: new Date().toISOString(), data: null, facts: [] };
    return execute({
      ...request,
      context: {
        ...context,
        ...(unknownNames.length > 0 && { unknownNames }),
        ...(missing.length > 0 && {
          evidence: { at, data, facts, missing: [...(context.evidence?.missing ?? []), ...missing] },
        }),
      },
    });
  };

const withOwner = (coordinate: string, owner: MissingFact['owner']): MissingFact => ({
  coordinate,
  ...(owner && { owner }),
});

/** Returns the ids that the changes of an operation name, but the enterprise of the caller's own key. */
function namedIn(
  { schema, document, operationName, variables, context }: OperationRequest,
  supergraph: Supergraph,
): readonly Named[] {
  const operation = getOperationAST(document, operationName);
  if (operation?.operation !== 'mutation') return [];
  const own = context.caller?.kind === 'partner' ? context.caller.enterpriseId : undefined;
  return changesIn({ schema, document, operation }, variables, readWritable(supergraph.document))
    .flatMap((change) => namedBy(change, supergraph.publicSchema))
    .filter(({ type, id }) => type !== 'Enterprise' || id !== own);
}

function namedBy({ rule: { names = [] }, input = {} }: AskedChange, api: GraphQLSchema): readonly Named[] {
  const key = String(input.key ?? '');
  return names.flatMap(({ member, type }) => {
    const field = recordFieldOf(api, type);
    return field ? idsAt(input, member.split('.')).map((each) => ({ ...each, ...field, key, type })) : [];
  });
}

/** Returns the ids at a path of an input, each with its own path. */
function idsAt(
  value: unknown,
  rest: readonly string[],
  path: readonly string[] = [],
): readonly Pick<UnknownName, 'path' | 'id'>[] {
  if (Array.isArray(value)) return value.flatMap((each, at) => idsAt(each, rest, [...path, String(at)]));
  const [name, ...further] = rest;
  if (name === undefined) return typeof value === 'string' ? [{ path: path.join('.'), id: value }] : [];
  return isObject(value) ? idsAt(value[name], further, [...path, name]) : [];
}

async function find(ask: AskForCaller, context: GatewayContext, named: readonly Named[]) {
  const variables: Json = Object.fromEntries(named.map(({ id }, at) => [`id${at}`, id]));
  const parameters = named.map((_, at) => `$id${at}: ID!`).join(', ');
  const fields = named.map(({ field, by }, at) => `name${at}: ${field}(${by}: $id${at}) { ${by} }`);
  const { deadline = Number.POSITIVE_INFINITY, signal } = context;
  const { data = {}, errors } = await ask(askerOf(context, named), {
    query: `query NamesOfChange(${parameters}) { ${fields.join(' ')} }`,
    variables,
    timeoutMs: Math.min(timeoutMs, deadline - performance.now()),
    signal,
  });
  const isFailed = errors.some(({ path }) => path === undefined);
  const failed = new Set(
    errors.filter(({ extensions }) => !isDenial(String(extensions.code))).map(({ path }) => path?.[0]),
  );
  const absent = named
    .map((each, at) => ({ ...each, place: `name${at}` }))
    .filter(({ place }) => data[place] == null);
  const isLacking = ({ place }: { readonly place: string }) => isFailed || failed.has(place);
  return {
    unknown: absent
      .filter((each) => !isLacking(each))
      .map(({ key, path, id }): UnknownName => ({ key, path, id })),
    lacking: absent.filter(isLacking).map(({ type, by }) => `${type}.${by}`),
  };
}

/**
 * Returns who asks: the caller, and the gateway itself for the hub. A key names what is open to every partner, whatever
 * its scopes and regions are: these limit what it reads.
 */
function askerOf({ caller, purposeOfUse, requestId }: GatewayContext, named: readonly Named[]): Asker {
  const asker = { requestId, ...(purposeOfUse && { purposeOfUse }) };
  if (!caller || caller.kind === 'system') return asker;
  const types = [...new Set(named.map(({ type }) => type))];
  const asking: Caller = caller.kind === 'partner' ? { ...caller, scopes: types, regions: [] } : caller;
  return { ...asker, caller: asking };
}
