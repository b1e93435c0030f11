// Hive Gateway as a library on node:http, planning in JavaScript, or in Rust where a second argument says "rust".
// Sharing of whole inbound requests is off; identical fetches to subgraphs it shares by default.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createGatewayRuntime } from '@graphql-hive/gateway-runtime';
import { unifiedGraphHandler } from '@graphql-hive/router-runtime';

const gateway = createGatewayRuntime({
  supergraph: await readFile(process.argv[2], 'utf8'),
  ...(process.argv[3] === 'rust' && { unifiedGraphHandler }),
  inboundInflightRequestDeduplication: false,
  graphiql: false,
  landingPage: false,
  logging: false,
});
const server = createServer(gateway);
server.listen(0, '127.0.0.1', () =>
  console.log(`Ready at http://127.0.0.1:${server.address().port}/graphql`),
);
