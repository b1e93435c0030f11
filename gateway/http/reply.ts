import { type ErrorCode, type HubError, statusOf } from '@wenshu/schema/errors.ts';

/** An answer before it is written. */
export type Reply = {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string | AsyncIterable<string>;
};

export const json = (status: number, body: unknown, headers: Record<string, string> = {}): Reply => ({
  status,
  headers: { ...headers, 'content-type': 'application/json; charset=utf-8' },
  body: JSON.stringify(body),
});

export const html = (body: string): Reply => ({
  status: 200,
  headers: { 'content-type': 'text/html; charset=utf-8' },
  body,
});

/** A refusal in the form of a GraphQL answer, which is what every client of the gateway reads. */
export const refusal = (code: ErrorCode, message: string, headers?: Record<string, string>): Reply =>
  json(statusOf[code], { errors: [{ message, extensions: { code } }] }, headers);

/** The same of an error that says it all. */
export function refusalOf({ message, extensions }: HubError): Reply {
  const { code, retryAfter } = extensions as { code: ErrorCode; retryAfter?: number };
  return json(
    statusOf[code],
    { errors: [{ message, extensions }] },
    retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) },
  );
}
