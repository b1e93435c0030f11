import { type Details, type ErrorCode, HubError, statusOf } from '@wenshu/schema/errors.ts';

/** An error that refuses a request as a whole. Apollo Server reads status and headers from `http`. */
export class Refusal extends HubError {
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: ErrorCode,
    message: string,
    details: Details,
    headers: Readonly<Record<string, string>> = {},
  ) {
    const http = { status: statusOf[code], headers: new Map(Object.entries(headers)) };
    super(code, message, { ...details, http });
    this.name = 'Refusal';
    this.headers = headers;
  }
}

// The values of `WWW-Authenticate`: https://www.rfc-editor.org/rfc/rfc6750#section-3

const realm = 'Bearer realm="wenshu"';

const challenge = (code: ErrorCode, message: string, challenged: string, details: Details) =>
  new Refusal(code, message, details, { 'www-authenticate': challenged });

/** Makes the refusal of a request without credentials. */
export const noCredentials = () =>
  challenge(
    'UNAUTHENTICATED',
    'The hub answers only known callers. Send the header "authorization: Bearer TOKEN" with your token or API key.',
    realm,
    { messageZh: '本系统只答复已知的调用方。请在请求头 "authorization: Bearer TOKEN" 中附上令牌或密钥。' },
  );

/**
 * Makes the refusal of invalid credentials. The message helps the caller to correct them, and does not help a forger.
 */
export const badCredentials = (message: string, details: Details) =>
  challenge('UNAUTHENTICATED', message, `${realm}, error="invalid_token"`, details);

/** Makes the refusal of a valid token with a claim that the hub does not understand. */
export const unusableClaim = (claim: string) =>
  badCredentials(`The "${claim}" of the token cannot be used.`, {
    messageZh: `令牌中的“${claim}”无法使用。`,
  });

/** Makes the refusal of a known caller that has no permission. */
export const notAllowed = (message: string, details: Details) =>
  challenge('FORBIDDEN', message, `${realm}, error="insufficient_scope"`, details);
