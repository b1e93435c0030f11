import { Agent } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { SubgraphName } from '@wenshu/schema/subgraph-sdl.ts';
import { judge, type Verdict } from './judge.ts';
import { post, type Reply } from './post.ts';
import type { Question } from './questions.ts';

/** One request and what came of it. */
export interface Exchange {
  readonly question: Question;
  /** On the clock of `performance.now()`. */
  readonly sentAt: number;
  readonly tookMs: number;
  readonly outcome: Outcome;
}

export type Outcome =
  | Verdict
  | Exclude<Reply, { kind: 'answered' }>
  /** 503 with a time to come back, or without. */
  | { readonly kind: 'shed'; readonly retryAfter: string | undefined };

export interface LoadOptions {
  /** Asked in turn. */
  readonly questions: readonly Question[];
  readonly connections: number;
  /** How long each connection rests between an answer and its next request. */
  readonly pauseMs: number;
  /** Whether connections are used again. */
  readonly keepsAlive?: boolean;
}

/** A closed loop: each connection asks, waits for the whole answer, judges it, and asks again. */
export interface Load {
  readonly exchanges: readonly Exchange[];
  /** The subgraphs that may be failing from now on. */
  suspect(names: readonly SubgraphName[]): void;
  /** Lets what is under way end. */
  stop(): Promise<readonly Exchange[]>;
}

/** Far above every timeout of the gateway: who waits longer hangs. */
const hungMs = 20_000;
const mostRequests = 100_000;

export function startLoad(
  origin: string,
  { questions, connections, pauseMs, keepsAlive = true }: LoadOptions,
): Load {
  const exchanges: Exchange[] = [];
  const agent = keepsAlive ? new Agent({ keepAlive: true }) : undefined;
  let suspects: ReadonlySet<SubgraphName> = new Set();
  let isOver = false;
  let sent = 0;

  const loop = async () => {
    while (!isOver && sent < mostRequests) {
      const question = questions[sent++ % questions.length];
      if (!question) return;
      const sentAt = performance.now();
      const reply = await post(origin, question.body, { agent, timeoutMs: hungMs });
      const tookMs = performance.now() - sentAt;
      exchanges.push({ question, sentAt, tookMs, outcome: outcomeOf(question, reply, suspects) });
      await wait(pauseMs);
    }
  };
  const loops = Promise.all(Array.from({ length: connections }, loop));
  return {
    exchanges,
    suspect: (names) => {
      suspects = new Set(names);
    },
    async stop() {
      isOver = true;
      await loops;
      agent?.destroy();
      return exchanges;
    },
  };
}

export function outcomeOf(question: Question, reply: Reply, suspects: ReadonlySet<SubgraphName>): Outcome {
  if (reply.kind !== 'answered') return reply;
  const { status, retryAfter, text } = reply;
  if (status === 503) return { kind: 'shed', retryAfter };
  if (status !== 200) return { kind: 'wrong', why: `HTTP ${status}: ${text.slice(0, 200)}` };
  try {
    return judge(question.expected, JSON.parse(text), suspects);
  } catch {
    return { kind: 'wrong', why: `It is not JSON: ${text.slice(0, 200)}` };
  }
}
