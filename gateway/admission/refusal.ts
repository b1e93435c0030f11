import { type ErrorCode, HubError, statusOf } from '@wenshu/schema/errors.ts';
import { json, type Reply } from '../http/reply.ts';

/** Why a request is not carried out at all. Apollo Server reads status and headers out of `http`. */
export class Refusal extends HubError {
  override readonly code: ErrorCode;
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
    this.code = code;
    this.headers = headers;
  }

  /** The answer to a request that Apollo Server has not seen. */
  toReply(): Reply {
    const { http: _, ...extensions } = this.extensions;
    return json(
      statusOf[this.code],
      { errors: [{ message: this.message, extensions }] },
      { ...this.headers },
    );
  }
}
