import type { GraphQLError } from 'graphql';
import type { DataText } from '../lib/data-text.ts';
import type { Json } from '../lib/json.ts';
import type { Log } from '../lib/log.ts';
import type { Planner } from '../planning/planner.ts';
import type { Authorize } from '../request/authorization.ts';
import type { GatewayContext } from '../request/context.ts';
import type { Semijoin } from '../semijoin/semijoin.ts';
import type { RelationsOfGraph } from '../supergraph/relations.ts';
import type { Supergraph } from '../supergraph/supergraph.ts';
import type { GuardedSubgraph, StreamedEvent } from '../upstream/subgraph.ts';
import type { BulkReading } from './bulk-reading.ts';
import type { KeptOperation, NamedOperation } from './kept-operations.ts';
import type { Source } from './source.ts';
import type { RegionsWithout } from './unknown-regions.ts';

export type ExecutorOptions = {
  readonly supergraph: Supergraph;
  readonly relations: RelationsOfGraph;
  readonly semijoin: Semijoin;
  readonly planner: Planner;
  readonly subgraphs: ReadonlyMap<string, GuardedSubgraph>;
  readonly operationsKept: number;
  /** Whether identical concurrent fetches share one call. */
  readonly sharesFetches: boolean;
  /** Decides what the caller may not see. Without it, every caller sees everything. */
  readonly authorize?: Authorize | undefined;
  /** For `@override(label:)`: whether a label applies to this request. The gateway draws percentages. */
  readonly isLabelActive: (label: string, context: GatewayContext) => boolean;
  /** Without it, codes of regions in conditions are not checked. */
  readonly regionsWithout?: RegionsWithout | undefined;
  readonly log: Log;
};

/** A request whose document is valid for the public schema. */
export type ExecutionRequest = NamedOperation & {
  readonly variables: Json;
  readonly context: GatewayContext;
  /** Settings of an export, when the request is one of its pages. */
  readonly bulk?: BulkReading | undefined;
  /** True for a query of the gateway itself. Its codes of regions are not checked: they were where the caller wrote them, or rows hold them. */
  readonly isOfGateway?: boolean;
};

/** The answer of an operation. `data` is missing when the operation did not run. */
export type ExecutionAnswer = {
  readonly data?: DataText;
  readonly errors?: readonly GraphQLError[];
};

/** The answer of an event, with the rights under which it was made. */
export type EventAnswer = ExecutionAnswer & {
  readonly rights: string;
  /** Whether the event is about a row that the caller may not see, so that nobody may learn of it. */
  readonly isHidden: boolean;
};

/** Why there is no source. */
type NoSource = { readonly errors: readonly GraphQLError[] };

export type Executor = {
  execute(request: ExecutionRequest): Promise<ExecutionAnswer>;
  /** Finds the call that opens a subscription, and the rights under which its events may be shared. */
  findSource(request: ExecutionRequest): Promise<Source | NoSource>;
  /** Makes the answer of one event of a subscription: the event stands for the answer of the source. */
  answerEvent(request: ExecutionRequest, event: StreamedEvent): Promise<EventAnswer>;
  /** Returns the present rights of a subscription's caller, as `findSource` does. */
  rightsOf(request: ExecutionRequest): string;
  /** Number of compiled operations in the cache. */
  readonly operationsKept: number;
  /** Returns up to `count` cached operations, most recently used first. */
  recentOperations(count: number): readonly KeptOperation[];
  /** Compiles an operation of another executor's cache, if it is valid here, before a request needs it. */
  prepare(operation: KeptOperation): Promise<void>;
};
