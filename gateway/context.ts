/** What the gateway knows of one request, from admission to response. */
export type GatewayContext = {
  /** Given by the caller as `x-request-id`, or made here; it stands in the answer and in every log line. */
  readonly requestId: string;
  readonly headers: ReadonlyMap<string, string>;
};
