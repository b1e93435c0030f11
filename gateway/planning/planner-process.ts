import { fork } from 'node:child_process';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { withoutQuotes } from '@wenshu/schema/failure.ts';

/** Supergraphs go by the hash of their text, which is sent to each process only once. */
export type PlannerTask =
  | { readonly kind: 'load'; readonly graph: string; readonly supergraph: string }
  | ({ readonly kind: 'plan'; readonly graph: string } & PlannerQuestion);

export type PlannerQuestion = {
  readonly source: string;
  readonly operationName: string | undefined;
  readonly labels: readonly string[];
  readonly percentage: number;
};

export type PlannerMessage = PlannerTask | { readonly kind: 'forget'; readonly graph: string };

/** Each task gets one. */
export type PlannerReply = { readonly result: unknown } | { readonly problem: string };

/** A process that plans, as long as it lives. */
export type PlannerProcess = {
  /** The supergraphs that it has. */
  readonly graphs: Set<string>;
  /** One task at a time. Rejects with a `PlannerDeath` where it is the last. */
  ask(task: PlannerTask, timeoutMs: number): Promise<unknown>;
  forget(graph: string): void;
  close(): void;
};

/** The planner ended with a task, or was ended because it took too long. */
export class PlannerDeath extends Error {
  readonly isTimeout: boolean;

  constructor(message: string, { isTimeout = false, cause }: { isTimeout?: boolean; cause?: unknown } = {}) {
    super(message, { cause });
    this.name = 'PlannerDeath';
    this.isTimeout = isTimeout;
  }
}

const script = fileURLToPath(new URL('planner-child.ts', import.meta.url));

/** Where a Rust panic says what happened; what follows is for the planner's authors. */
const lastWordsLength = 500;

export function startPlannerProcess(onEnd: () => void): PlannerProcess {
  // It needs nothing of the environment, which holds passwords, nor of how this process was started.
  const child = fork(script, { env: {}, execArgv: [], stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  const stderr = child.stderr as Socket;
  // It keeps nobody alive; while it is asked, the time limit does.
  for (const handle of [child, child.channel, stderr]) handle?.unref();

  let reply: PromiseWithResolvers<unknown> | undefined;
  let lastWords = '';
  /** What the planner says of an operation may quote the values in it; of a supergraph, it quotes what to mend. */
  let forLog: (words: string) => string = String;
  stderr.setEncoding('utf8').on('data', (text: string) => {
    lastWords = (lastWords + text).slice(0, lastWordsLength);
  });
  child.on('message', (message: PlannerReply) => {
    if ('problem' in message) reply?.reject(new Error(forLog(message.problem)));
    else reply?.resolve(message.result);
  });

  function end(death: PlannerDeath) {
    onEnd();
    reply?.reject(death);
    child.kill('SIGKILL');
  }
  child.on('error', (cause) =>
    end(new PlannerDeath('The planner could not be started or asked.', { cause })),
  );
  child.once('close', (code, signal) =>
    end(new PlannerDeath(`The planner ended (${signal ?? code}). ${forLog(lastWords)}`.trim())),
  );

  return {
    graphs: new Set(),
    ask(task, timeoutMs) {
      const asked = Promise.withResolvers<unknown>();
      reply = asked;
      forLog = task.kind === 'plan' ? withoutQuotes : String;
      const timer = setTimeout(
        () => end(new PlannerDeath(`The planner took more than ${timeoutMs} ms.`, { isTimeout: true })),
        timeoutMs,
      );
      child.send(task satisfies PlannerMessage);
      return asked.promise.finally(() => clearTimeout(timer));
    },
    forget(graph) {
      if (this.graphs.delete(graph)) child.send({ kind: 'forget', graph } satisfies PlannerMessage);
    },
    close: () => child.kill('SIGKILL'),
  };
}
