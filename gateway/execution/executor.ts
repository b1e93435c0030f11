import { OperationTypeNode } from 'graphql';
import { DataText } from '../lib/data-text.ts';
import type { Json } from '../lib/json.ts';
import { errorOfDenial } from '../request/errors.ts';
import type { Supergraph } from '../supergraph/supergraph.ts';
import type { Compiled } from './compile-operation.ts';
import { toResponseErrors } from './error-paths.ts';
import type { ExecutionAnswer, ExecutionRequest, Executor, ExecutorOptions } from './execution.ts';
import { introspect } from './introspection.ts';
import { keepOperations } from './kept-operations.ts';
import { type Asked, createMakeReady, find, type Ready } from './make-ready.ts';
import type { Run } from './run.ts';
import { rightsKey } from './sharing.ts';
import { catchSourceCall, isHiddenEvent, noSubscriptions, nothingToStream, onlyAsStream } from './source.ts';
import { createFindUnknownRegions } from './unknown-regions.ts';

/**
 * Executes operations in these steps: find, check codes, authorize, prepare, resolve, fetch, write. Errors for the caller end it
 * early.
 */
export function createExecutor(options: ExecutorOptions): Executor {
  const { supergraph } = options;
  const operations = keepOperations(options, options.operationsKept, options.log);
  const findUnknownRegions =
    options.regionsWithout && createFindUnknownRegions(supergraph.publicSchema, options.regionsWithout);

  const makeReady = createMakeReady(options, operations);

  let changes = 0;

  async function execute(request: ExecutionRequest): Promise<ExecutionAnswer> {
    const asked = find(request, operations, supergraph);
    if ('errors' in asked) return asked;
    const { operation } = asked.operation.definition;
    if (operation === 'subscription') return { errors: [onlyAsStream()] };
    const unknown = request.isOfGateway ? [] : await findUnknownRegions?.(asked.operation, asked.variables);
    if (unknown && unknown.length > 0) return { errors: unknown };
    const ready = await makeReady(asked, changes);
    if ('errors' in ready) return ready;
    await ready.resolved.compiled.fetch(ready.run);
    // A call that began before a change may lack it, so nobody joins it after the change.
    if (operation === 'mutation') changes += 1;
    return answerOf(asked, ready);
  }

  function answerOf({ context, given }: Asked, { run, resolved }: Ready): ExecutionAnswer {
    const answer = write(run, resolved.compiled, given, supergraph);
    context.record?.addFindings(run);
    return answer;
  }

  const findSource: Executor['findSource'] = async (request) => {
    if (!supergraph.rootTypeOf(OperationTypeNode.SUBSCRIPTION)) return { errors: [noSubscriptions()] };
    const asked = find(request, operations, supergraph);
    if ('errors' in asked) return asked;
    const unknown = await findUnknownRegions?.(asked.operation, asked.variables);
    if (unknown && unknown.length > 0) return { errors: unknown };
    const ready = await makeReady(asked, changes);
    if ('errors' in ready) return ready;
    const { run, resolved, authorized } = ready;
    const { call, ask } = catchSourceCall();
    await resolved.compiled.fetch({ ...run, ask });
    const source = call();
    // Without a call the whole subscription is denied: the answer says why.
    if (!source) return { errors: answerOf(asked, ready).errors ?? [nothingToStream()] };
    return { ...source, rights: rightsKey(asked.context, authorized.authorization) };
  };

  const answerEvent: Executor['answerEvent'] = async (request, event) => {
    const asked = find(request, operations, supergraph);
    if ('errors' in asked) return { ...asked, rights: '', isHidden: false };
    const ready = await makeReady(asked, changes, event);
    const rights =
      'errors' in ready ? rightsOf(request) : rightsKey(asked.context, ready.authorized.authorization);
    if ('errors' in ready) return { ...ready, rights, isHidden: false };
    await ready.resolved.compiled.fetch(ready.run);
    const answer = answerOf(asked, ready);
    return { ...answer, rights, isHidden: isHiddenEvent(event, answer) };
  };

  function rightsOf(request: ExecutionRequest): string {
    const asked = find(request, operations, supergraph);
    if ('errors' in asked) return '';
    const { document, operation, variables, context } = asked;
    return rightsKey(context, options.authorize?.(document, operation.definition, variables, context));
  }

  return {
    execute,
    findSource,
    answerEvent,
    rightsOf,
    get operationsKept() {
      return operations.count;
    },
    recentOperations: operations.recent,
    prepare: operations.prepare,
  };
}

function write(
  run: Run,
  { operation, serialize }: Compiled,
  given: Json,
  supergraph: Supergraph,
): ExecutionAnswer {
  const errors = toResponseErrors(run.errors, operation);
  if (operation.introspection.length > 0) {
    const introspected = introspect(operation, supergraph.publicSchema, given);
    Object.assign(run.data, introspected.data);
    errors.push(...(introspected.errors ?? []));
  }
  const data = new DataText(serialize(run, errors));
  // An error without a path would explain all gaps, so it comes after them. Each denial is reported once.
  const reported = new Set(errors.map(({ extensions }) => extensions.coordinate));
  const fragments = operation.deniedFragments.filter(({ details }) => !reported.has(details.coordinate));
  errors.push(...fragments.map((denial) => errorOfDenial(denial)));
  for (const { details } of fragments) run.denied.add(String(details.coordinate));
  return errors.length > 0 ? { errors, data } : { data };
}
