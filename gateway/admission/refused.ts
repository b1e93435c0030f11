import { type ErrorCode, HubError } from '@wenshu/schema/errors.ts';
import { type Reply, refusal } from '../http/reply.ts';

/** A request that is not let in; `headers` go with the answer. */
export class Refused extends HubError {
  override readonly code: ErrorCode;
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: ErrorCode, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(code, message);
    this.code = code;
    this.headers = headers;
  }
}

/** Answers a request that this handler refuses by throwing `Refused`. */
export const answerRefused =
  <Request extends unknown[]>(handler: (...request: Request) => Promise<Reply>) =>
  async (...request: Request): Promise<Reply> => {
    try {
      return await handler(...request);
    } catch (cause) {
      if (cause instanceof Refused) return refusal(cause.code, cause.message, { ...cause.headers });
      throw cause;
    }
  };

// What `WWW-Authenticate` says: https://www.rfc-editor.org/rfc/rfc6750#section-3

const realm = 'Bearer realm="wenshu"';

/** Nothing says who asks. */
export const noCredentials = () =>
  new Refused(
    'UNAUTHENTICATED',
    'This is answered to known callers only. Send the header "authorization: Bearer TOKEN" with a token of yours.',
    { 'www-authenticate': realm },
  );

/** What says who asks is not to be believed. The message tells the caller what to mend, and a forger nothing. */
export const badCredentials = (message: string) =>
  new Refused('UNAUTHENTICATED', message, { 'www-authenticate': `${realm}, error="invalid_token"` });

/** The caller is known, and may not do this. */
export const notAllowed = (message: string) =>
  new Refused('FORBIDDEN', message, { 'www-authenticate': `${realm}, error="insufficient_scope"` });
