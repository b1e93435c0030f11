import { fork } from 'node:child_process';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { withoutQuotes } from '@wenshu/schema/failure.ts';

/** A task for the planner. A supergraph is named by the hash of its text, which is sent to each process only once. */
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

/** The reply to one task. */
export type PlannerReply = { readonly result: unknown } | { readonly problem: string };

/** A running planner process. */
export type PlannerProcess = {
  /** The hashes of the supergraphs that it has loaded. */
  readonly graphs: Set<string>;
  /** Runs one task; tasks must not overlap. Rejects with a `PlannerDeath` if the process ends. */
  ask(task: PlannerTask, timeoutMs: number): Promise<unknown>;
  forget(graph: string): void;
  close(): void;
};

/** The planner process ended during a task, or was ended because the task took too long. */
export class PlannerDeath extends Error {
  readonly isTimeout: boolean;

  constructor(message: string, { isTimeout = false, cause }: { isTimeout?: boolean; cause?: unknown } = {}) {
    super(message, { cause });
    this.name = 'PlannerDeath';
    this.isTimeout = isTimeout;
  }
}

const script = fileURLToPath(new URL('planner-child.ts', import.meta.url));

/** The length of the stderr text that explains a Rust panic. The rest is for the planner's authors. */
const lastWordsLength = 500;

export function startPlannerProcess(onEnd: () => void): PlannerProcess {
  // The process gets neither the environment, which holds passwords, nor the arguments of this process.
  const child = fork(script, { env: {}, execArgv: [], stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  const stderr = child.stderr as Socket;
  // The child does not keep this process alive; during a task, the timer of the time limit does.
  for (const handle of [child, child.channel, stderr]) handle?.unref();

  let reply: PromiseWithResolvers<unknown> | undefined;
  let lastWords = '';
  /**
   * Shortens the planner's text for the log: about an operation it may quote values; about a supergraph it quotes
   * what to correct.
   */
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
