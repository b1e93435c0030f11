import { Pool } from 'undici';
import { SubgraphFailure, unreachable, unreadable } from './errors.ts';
import type { Subgraph, SubgraphResponse } from './subgraph.ts';

/** Asks a subgraph by GraphQL over HTTP, on connections that stay open. */
export function createHttpSubgraph(name: string, address: string): Subgraph {
  const url = parseAddress(name, address);
  const path = `${url.pathname}${url.search}`;
  const pool = new Pool(url.origin, { keepAliveTimeout: 60_000, headersTimeout: 0, bodyTimeout: 0 });

  const ask: Subgraph = async ({ query, operationName, variables, signal }, { requestId }) => {
    try {
      const { statusCode, body } = await pool.request({
        method: 'POST',
        path,
        headers: {
          'content-type': 'application/json',
          accept: 'application/graphql-response+json, application/json',
          'x-request-id': requestId,
        },
        body: JSON.stringify({ query, operationName, variables }),
        signal,
      });
      const text = await body.text();
      if (statusCode >= 500) throw unreachable(name, new Error(`HTTP ${statusCode}: ${text.slice(0, 500)}`));
      return parseAnswer(name, statusCode, text);
    } catch (error) {
      throw error instanceof SubgraphFailure ? error : unreachable(name, error);
    }
  };
  return Object.assign(ask, { close: () => pool.destroy() });
}

function parseAnswer(name: string, statusCode: number, text: string): SubgraphResponse {
  try {
    return JSON.parse(text);
  } catch {
    throw unreadable(name, new Error(`HTTP ${statusCode}: ${text.slice(0, 500)}`));
  }
}

function parseAddress(name: string, address: string): URL {
  const url = URL.parse(address);
  if (url) return url;
  throw new Error(`Subgraph "${name}" has no address: the supergraph says "${address}".`);
}
