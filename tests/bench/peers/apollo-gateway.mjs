// @apollo/gateway on Apollo Server's standalone HTTP, as its documentation sets it up, with everything off that
// is not answering: landing page, usage reports, logs.
import { readFile } from 'node:fs/promises';
import { ApolloGateway } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { startStandaloneServer } from '@apollo/server/standalone';

const silent = { debug() {}, info() {}, warn() {}, error: console.error };

const supergraphSdl = await readFile(process.argv[2], 'utf8');
const server = new ApolloServer({
  // It calls subgraphs through make-fetch-happen, which keeps connections alive.
  gateway: new ApolloGateway({ supergraphSdl, logger: silent }),
  logger: silent,
  introspection: false,
  plugins: [
    ApolloServerPluginLandingPageDisabled(),
    ApolloServerPluginSchemaReportingDisabled(),
    ApolloServerPluginUsageReportingDisabled(),
  ],
});
const { url } = await startStandaloneServer(server, { listen: { port: 0, host: '127.0.0.1' } });
console.log(`Ready at ${url}`);
