import type { Handler, Incoming } from '../../http/incoming.ts';
import { isObject } from '../../lib/json.ts';
import type { Sink, StartOperation, StreamEvent } from '../stream.ts';
import { readAsked } from './asked.ts';
import { encodeOnce } from './encode-once.ts';
import { goingAway } from './going-away.ts';
import { PushedAnswer, type Timing } from './pushed-answer.ts';

const boundary = 'graphql';
const multipartHeaders = { 'content-type': `multipart/mixed;boundary="${boundary}";subscriptionSpec=1.0` };

/** Writes a part together with the boundary after it, which shows a client that the part is complete. */
const partOf = (json: string) => `\r\ncontent-type: application/json\r\n\r\n${json}\r\n--${boundary}`;

const beginning = `\r\n--${boundary}`;
const ending = '--\r\n';
const heartbeat = Buffer.from(partOf('{}'));

/**
 * Answers each operation as Apollo's clients receive subscriptions over HTTP.
 * https://www.apollographql.com/docs/graphos/routing/operations/subscriptions/multipart-protocol
 */
export const answerByMultipart =
  (start: StartOperation, timing: Timing): Handler =>
  async (incoming) => {
    const answer = new PushedAnswer(heartbeat, timing);
    answer.push(beginning);
    const subscribed = await start(incoming, readAsked(incoming), sinkOf(answer, incoming));
    return answer.reply(multipartHeaders, () => subscribed.cancel());
  };

function sinkOf(answer: PushedAnswer, { headers }: Incoming): Sink {
  const endWith = (last: string | Uint8Array) => {
    answer.push(last);
    answer.push(ending);
    answer.end();
  };
  return {
    get pendingBytes() {
      return answer.pendingBytes;
    },
    next: (event) => answer.push(encodePart(event)),
    end: (last) => endWith(last ? lastPart(last) : ''),
    leave: () => endWith(terminalPart([goingAway(headers)])),
  };
}

const encodePart = encodeOnce(({ text }) => partOf(`{"payload":${text}}`));

/** Clients go on after an error in a payload, and end the subscription after an error beside it. */
const terminalPart = (errors: unknown) => partOf(JSON.stringify({ payload: null, errors }));

function lastPart(event: StreamEvent): string | Uint8Array {
  const result: unknown = JSON.parse(event.text);
  const isTerminal = isObject(result) && result.data === undefined && result.errors !== undefined;
  return isTerminal ? terminalPart(result.errors) : encodePart(event);
}
