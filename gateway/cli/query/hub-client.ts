import { Failure } from './failure.ts';

export type HubOptions = {
  readonly address: URL;
  readonly token: string | undefined;
  /** Purpose of use (用途), as agreements name it. */
  readonly purpose: string | undefined;
  /** Whether an incomplete answer is refused. */
  readonly isStrict: boolean;
  readonly signal: AbortSignal;
  /** The time in milliseconds in which an answer must begin. */
  readonly answerTimeoutMs?: number;
};

/** A hub takes 30 s for a page by default, and looks twice at a list that is too large to be counted. */
const standardAnswerTimeoutMs = 120_000;

/** Asks a hub for an export. Rejects with a Failure when there is none. */
export async function askHub(
  { address, token, purpose, isStrict, signal, answerTimeoutMs = standardAnswerTimeoutMs }: HubOptions,
  body: Readonly<Record<string, unknown>>,
): Promise<Response> {
  const headers = {
    'content-type': 'application/json',
    ...(token && { authorization: `Bearer ${token}` }),
    ...(purpose && { 'x-wenshu-purpose': encodeURIComponent(purpose) }),
    ...(isStrict && { 'x-wenshu-sharing': 'strict' }),
  };
  const url = new URL('/export', address);
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(silent(address, answerTimeoutMs)), answerTimeoutMs);
  const response = await fetch(url, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
    signal: AbortSignal.any([signal, late.signal]),
  })
    .catch((error) => {
      signal.throwIfAborted();
      late.signal.throwIfAborted();
      const reason = error.cause?.code ?? error.message;
      throw new Failure('unreachable', `There is no hub at ${address.origin} (${reason}).`, 1_000);
    })
    .finally(() => clearTimeout(timer));
  if (response.status === 200) return response;
  throw await failureOf(response);
}

const silent = ({ origin }: URL, ms: number) =>
  new Failure('unreachable', `The hub at ${origin} did not begin to answer within ${ms / 1_000} s.`, 1_000);

/** Codes for which the caller has no permission, or not now. */
const refusals = new Set(['DOCUMENT_REFUSED', 'INTROSPECTION_REFUSED', 'QUOTA_EXCEEDED', 'RATE_LIMITED']);

async function failureOf(response: Response): Promise<Failure> {
  const { status, headers } = response;
  const { errors = [] } = await response.json().catch(() => ({}));
  const [{ message = `The hub answered HTTP ${status}.`, extensions = {} } = {}] = errors;
  const { code } = extensions;
  if (code === undefined && status < 500) {
    return new Failure('failed', `The server at ${response.url} is not a hub (HTTP ${status}).`);
  }
  const words = code ? `${message} (${code})` : message;
  const retryAfter = headers.get('retry-after');
  const retryAfterMs = retryAfter === null ? undefined : Number(retryAfter) * 1000;
  if (status === 401 || status === 403 || refusals.has(code)) {
    return new Failure('refused', words, code === 'RATE_LIMITED' ? retryAfterMs : undefined);
  }
  if (status < 500) return new Failure('misused', words);
  return new Failure('unreachable', words, retryAfterMs ?? 1_000);
}
