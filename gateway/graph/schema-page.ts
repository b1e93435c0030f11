import { printSchemaWithDirectives } from '@graphql-tools/utils';
import type { Governance } from '../governance/governance.ts';
import type { Handler, Incoming } from '../http/incoming.ts';
import { memoize } from '../lib/memoize.ts';
import type { GatewayContext } from '../request/context.ts';
import { Refusal } from '../request/refusal.ts';
import type { Supergraph } from '../supergraph/supergraph.ts';
import type { GraphManager } from './graph-manager.ts';

export type SchemaPageOptions = {
  readonly graphs: GraphManager;
  readonly governance: Governance | undefined;
  readonly mayIntrospect: (context: GatewayContext) => boolean;
};

/**
 * Creates the handler of `/schema.graphql`. Whoever may query the schema gets all of it, with the sharing class of each
 * field. Others, such as a live key, get the part that they may use. It throws a Refusal.
 */
export const serveSchema =
  ({ graphs, governance, mayIntrospect }: SchemaPageOptions): Handler =>
  (incoming) => {
    if (incoming.request.method !== 'GET') throw onlyGet();
    const { supergraph } = graphs.current;
    const { admitted } = incoming;
    const sdl = mayIntrospect(contextOf(incoming))
      ? wholeSchema(supergraph)
      : admitted && governance?.schemaFor(supergraph, admitted.caller, admitted.purposeOfUse);
    if (sdl === undefined) throw refused();
    return { status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: sdl };
  };

const wholeSchema = memoize(({ publicSchema }: Supergraph): string =>
  printSchemaWithDirectives(publicSchema),
);

const contextOf = ({ requestId, headers, admitted }: Incoming): GatewayContext => ({
  requestId,
  headers,
  ...admitted,
});

const onlyGet = () =>
  new Refusal(
    'METHOD_NOT_ALLOWED',
    'The schema is read by GET.',
    { messageZh: '请用 GET 读取图的结构。' },
    { allow: 'GET' },
  );

const refused = () =>
  new Refusal('INTROSPECTION_REFUSED', 'The schema is not for you.', { messageZh: '您无权读取图的结构。' });
