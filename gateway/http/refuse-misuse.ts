import { Refusal } from '../request/refusal.ts';
import type { Reply } from './reply.ts';
import type { Step } from './step.ts';

/** Refuses a POST that is not declared as JSON, and says how to send it. */
export const demandJson: Step = (incoming, next) => {
  const { method, headers } = incoming.request;
  if (method === 'POST' && !isJson(headers['content-type'])) throw notJson();
  return next(incoming);
};

/**
 * Refuses methods that GraphQL over HTTP does not have, and leads a browser that opens `/graphql` to the page about the
 * hub. https://graphql.github.io/graphql-over-http/draft/
 */
export const refuseMisuse: Step = (incoming, next) => {
  const { method = 'GET', headers } = incoming.request;
  if (method !== 'GET' && method !== 'POST') throw wrongMethod(method);
  if (method === 'GET' && !incoming.search && headers.accept?.includes('text/html')) return seeFrontPage();
  return next(incoming);
};

const isJson = (contentType = '') => /^\s*application\/json\b/i.test(contentType);

const wrongMethod = (method: string) =>
  new Refusal(
    'METHOD_NOT_ALLOWED',
    `The graph is asked by POST, and queries also by GET, not by ${method}. Send the operation as JSON by POST.`,
    { messageZh: `请用 POST 提问(查询也可用 GET),不能用 ${method}。请以 POST 发送 JSON。` },
    { allow: 'GET, POST' },
  );

const notJson = () =>
  new Refusal(
    'BAD_REQUEST',
    'The operation is sent as JSON: send the header "content-type: application/json" and a body like {"query": "{ __typename }"}.',
    {
      messageZh:
        '操作须以 JSON 发送:请加请求头 content-type: application/json,请求体形如 {"query": "{ __typename }"}。',
    },
  );

const seeFrontPage = (): Reply => ({ status: 303, headers: { location: '/' }, body: '' });
