import { randomInt } from 'node:crypto';
import type { Handler } from '../../http/incoming.ts';
import type { Sink, StartOperation, StreamEvent } from '../stream.ts';
import { readAsked } from './asked.ts';
import { encodeOnce } from './encode-once.ts';
import { PushedAnswer, type Timing } from './pushed-answer.ts';

// https://html.spec.whatwg.org/multipage/server-sent-events.html

export const eventStreamHeaders = { 'content-type': 'text/event-stream; charset=utf-8' };

/** A comment, which no client shows. */
export const eventStreamHeartbeat = Buffer.from(':\n\n');

/** The least and the most time in milliseconds after which a client reconnects. Clients of one gateway do not come back all at once. */
const retryMs = [500, 2_500] as const;

/** Begins an event stream. A browser reports it as open when the first bytes arrive. */
export const eventStreamBeginning = (): string => `retry: ${randomInt(...retryMs)}\n:\n\n`;

export const eventStreamOf = (timing: Timing): PushedAnswer => {
  const answer = new PushedAnswer(eventStreamHeartbeat, timing);
  answer.push(eventStreamBeginning());
  return answer;
};

/**
 * Answers each operation by an event stream of its own, with the cursor of each event as its id: the distinct connections mode of
 * https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md
 */
export const answerByEventStream =
  (start: StartOperation, timing: Timing): Handler =>
  async (incoming) => {
    const answer = eventStreamOf(timing);
    const subscribed = await start(incoming, readAsked(incoming), sinkOf(answer));
    return answer.reply(eventStreamHeaders, () => subscribed.cancel());
  };

const sinkOf = (answer: PushedAnswer): Sink => ({
  get pendingBytes() {
    return answer.pendingBytes;
  },
  begin: (cursor) => answer.push(`id: ${cursor}\n\n`),
  next: (event) => answer.push(encodeEvent(event)),
  end(last) {
    if (last) answer.push(encodeEvent(last));
    answer.push('event: complete\ndata: \n\n');
    answer.end();
  },
  leave: () => answer.end(),
});

const encodeEvent = encodeOnce(
  ({ text, cursor }) => `event: next\n${idOf(cursor)}data: ${inOneLine(text)}\n\n`,
);

const idOf = (cursor: StreamEvent['cursor']) => (cursor === undefined ? '' : `id: ${cursor}\n`);

/** A line break in JSON is white space between its tokens. */
export const inOneLine = (text: string): string => text.replace(/[\r\n]+/g, ' ');
