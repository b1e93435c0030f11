import { type ErrorCode, HubError, statusOf } from '@wenshu/schema/errors.ts';

/** Why a request is not carried out at all. Apollo Server reads status and headers out of `http`. */
export class Refusal extends HubError {
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: ErrorCode,
    message: string,
    details: Readonly<Record<string, unknown>> = {},
    headers: Readonly<Record<string, string>> = {},
  ) {
    const http = { status: statusOf[code], headers: new Map(Object.entries(headers)) };
    super(code, message, { ...details, http });
    this.name = 'Refusal';
    this.headers = headers;
  }
}

// What `WWW-Authenticate` says: https://www.rfc-editor.org/rfc/rfc6750#section-3

const realm = 'Bearer realm="wenshu"';

const challenge = (
  code: ErrorCode,
  message: string,
  challenged: string,
  details?: Readonly<Record<string, unknown>>,
) => new Refusal(code, message, details, { 'www-authenticate': challenged });

/** Nothing says who asks. */
export const noCredentials = () =>
  challenge(
    'UNAUTHENTICATED',
    'This is answered to known callers only. Send the header "authorization: Bearer TOKEN" with a token or API key of yours.',
    realm,
  );

/** What says who asks is not to be believed. The message tells the caller what to mend, and a forger nothing. */
export const badCredentials = (message: string, details?: Readonly<Record<string, unknown>>) =>
  challenge('UNAUTHENTICATED', message, `${realm}, error="invalid_token"`, details);

/** A token is good, but one of its claims is none that is understood here. */
export const unusableClaim = (claim: string) => badCredentials(`The "${claim}" of the token cannot be used.`);

/** The caller is known, and may not do this. */
export const notAllowed = (message: string, details?: Readonly<Record<string, unknown>>) =>
  challenge('FORBIDDEN', message, `${realm}, error="insufficient_scope"`, details);
