import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import Negotiator from 'negotiator';
import { type MaybePromise, mapMaybePromise } from '../lib/maybe-promise.ts';
import type { Reply } from './reply.ts';
import type { Step } from './step.ts';
import { addVary } from './vary.ts';

/** Content codings, the best first. */
const codings: readonly Coding[] = ['br', 'gzip'];
type Coding = 'br' | 'gzip';

/** The length of the shortest body that is compressed: a shorter one fits into one packet anyway. */
const shortest = 1_024;

const compressible = /^(text\/|application\/(json|x-ndjson|graphql))/;

/** Brotli's default quality 11 would take a second for each megabyte, quality 4 takes as long as gzip. */
const brotli = { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } };

/**
 * Compresses text of at least 1 kB for callers that accept it. Streams stay as they are, because a compressor would hold
 * back rows that are already read; so do bytes, because several answers share them.
 * https://www.rfc-editor.org/rfc/rfc9110#section-12.5.3
 */
export const compressAnswers: Step = (incoming, next) =>
  mapMaybePromise(next(incoming), (reply) => compress(reply, incoming.request.headers));

function compress(reply: Reply, accepted: Negotiator.Headers): MaybePromise<Reply> {
  const { body, headers } = reply;
  if (typeof body !== 'string' || !mayBeCompressed(body, headers)) return reply;
  addVary(reply, 'accept-encoding');
  const coding = codingFor(accepted);
  if (!coding) return reply;
  headers['content-encoding'] = coding;
  delete headers['content-length'];
  return compressed(body, coding).then((packed) => ({ ...reply, body: packed }));
}

/** Returns the best of these content codings that a client accepts; undefined if it accepts none. */
export function codingFor(headers: Negotiator.Headers, offered = codings): Coding | undefined {
  const accepted = new Negotiator({ headers }).encodings([...offered]);
  return offered.find((each) => accepted.includes(each));
}

const mayBeCompressed = (body: string, headers: Reply['headers']) =>
  compressible.test(headers['content-type'] ?? '') &&
  headers['content-encoding'] === undefined &&
  body.length >= shortest;

const compressed = (text: string, coding: Coding): Promise<Uint8Array> =>
  coding === 'br' ? promisify(brotliCompress)(text, brotli) : promisify(gzip)(text);
