import { pipeline, Readable } from 'node:stream';
import { promisify } from 'node:util';
import { brotliCompress, constants, createBrotliCompress, createGzip, gzip } from 'node:zlib';
import Negotiator from 'negotiator';
import { addVary } from './allow-origins.ts';
import type { Chunk, Reply } from './reply.ts';
import type { Step } from './step.ts';

/** Content codings, the best first. */
const codings: readonly Coding[] = ['br', 'gzip'];
type Coding = 'br' | 'gzip';

/** The length of the shortest body that is compressed: a shorter one fits into one packet anyway. */
const shortest = 1_024;

const compressible = /^(text\/|application\/(json|x-ndjson|graphql))/;

/** Brotli's default quality 11 would take a second for each megabyte, quality 4 takes as long as gzip. */
const brotli = { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } };

/**
 * Compresses text of at least 1 kB for callers that accept it. Bytes stay as they are: several answers share them.
 * https://www.rfc-editor.org/rfc/rfc9110#section-12.5.3
 */
export const compressAnswers: Step = async (incoming, next) => {
  const reply = await next(incoming);
  if (!mayBeCompressed(reply)) return reply;
  addVary(reply, 'accept-encoding');
  const coding = codingFor(incoming.request.headers);
  if (!coding) return reply;
  reply.headers['content-encoding'] = coding;
  delete reply.headers['content-length'];
  const { body } = reply;
  const isWhole = typeof body === 'string' || body instanceof Uint8Array;
  return { ...reply, body: isWhole ? await asWhole(body, coding) : asStream(body, coding) };
};

/** Returns the best of these content codings that a client accepts; undefined if it accepts none. */
export function codingFor(headers: Negotiator.Headers, offered = codings): Coding | undefined {
  const accepted = new Negotiator({ headers }).encodings([...offered]);
  return offered.find((each) => accepted.includes(each));
}

const mayBeCompressed = ({ body, headers }: Reply) =>
  compressible.test(headers['content-type'] ?? '') &&
  headers['content-encoding'] === undefined &&
  !(body instanceof Uint8Array) &&
  (typeof body !== 'string' || body.length >= shortest);

const asWhole = (body: Chunk, coding: Coding): Promise<Uint8Array> =>
  coding === 'br' ? promisify(brotliCompress)(body, brotli) : promisify(gzip)(body);

/** Compresses a stream. When its reader stops, the source stops too. */
function asStream(body: AsyncIterable<Chunk>, coding: Coding): AsyncIterable<Uint8Array> {
  const packed = coding === 'br' ? createBrotliCompress(brotli) : createGzip();
  // The reader of the packed stream gets an error of the source.
  return pipeline(Readable.from(body), packed, () => {});
}
