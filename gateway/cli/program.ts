import { resolve } from 'node:path';
import { subgraphPorts } from '@wenshu/schema/addresses.ts';
import { departments, roles } from '@wenshu/schema/caller.ts';
import { type Failure, failureOf, linesOf } from '@wenshu/schema/failure.ts';
import { subgraphNames } from '@wenshu/schema/subgraph-sdl.ts';
import { Argument, Command, Option } from 'commander';
import { GraphQLError } from 'graphql';
import type { Claims } from '../admission/development-key.ts';
import { shownOrigin } from '../http/loopback.ts';
import { ConfigError } from '../lib/config-error.ts';
import { parseDuration } from '../lib/units.ts';
import { settings } from '../process/config.ts';
import { consoleLog } from '../process/console-log.ts';
import { settings as own } from '../process/settings.ts';
import { addAuditCommands } from './audit.ts';
import { addKeysCommands, keysExample } from './keys.ts';
import { memberFolders } from './member-folders.ts';
import { checkedOption, portOption, wholeNumber } from './options.ts';
import { addQueryCommand } from './query.ts';
import { exitCodes, runUntilSignal } from './run.ts';
import { configOf, Ended, type Surroundings, sayerOf } from './surroundings.ts';
import { describeHub } from './welcome.ts';

// Each command imports its code when it runs: help and small commands need no database and no planner.

/** Runs `wenshu` with these arguments. Resolves to its exit code. */
export async function runCommand(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const { env, err } = surroundings;
  try {
    await createProgram(surroundings).parseAsync(args, { from: 'user' });
    return exitCodes.done;
  } catch (error) {
    if (error instanceof Ended) return error.exitCode;
    const failure = failureOf(error);
    err.write(env.DEBUG ? `${linesOf(failure).join('\n')}\n` : `wenshu: ${inWords(error, failure)}\n`);
    return error instanceof ConfigError ? exitCodes.misused : exitCodes.failed;
  }
}

type AddCommand = (name: string, description: string, example: string) => Command;

function createProgram(surroundings: Surroundings): Command {
  const { out, err } = surroundings;
  const command: AddCommand = (name, description, example) =>
    program.command(name).description(description).addHelpText('after', `\nExample:\n  ${example}`);
  const program = new Command('wenshu')
    .description("文枢 wenshu: one GraphQL graph over the data of a city's agencies.")
    .exitOverride((error) => {
      throw new Ended(error.exitCode === 0 ? exitCodes.done : exitCodes.misused);
    })
    .configureOutput({ writeOut: (text) => out.write(text), writeErr: (text) => err.write(text) })
    .showHelpAfterError('(--help says more)')
    .addHelpText('after', `\nEnvironment:\n${listSettings()}\n\nExample:\n  npx wenshu start`);

  addServerCommands(command, surroundings);
  addAccessCommands(command, surroundings);
  addDataCommands(command, surroundings);
  addSchemaCommands(command, surroundings);
  addQueryCommand(
    command(
      'query',
      'Run a query on a hub, and write all rows of its list as a table.',
      'npx wenshu query parks.graphql --var region=110105 --format csv -o parks.csv',
    ),
    surroundings,
  );

  addAuditCommands(
    command(
      'audit',
      'Verify and show the audit log, from its files alone.',
      'npx wenshu audit verify --key gateway-1.pub.pem',
    ),
    surroundings,
  );

  addKeysCommands(
    command('keys', 'Make, list, rotate and revoke the API keys of partners.', keysExample),
    () => configOf(surroundings),
    sayerOf(surroundings),
  );
  return program;
}

/** Adds the commands that run until they are stopped. */
function addServerCommands(command: AddCommand, surroundings: Surroundings): void {
  const config = () => configOf(surroundings);
  const say = sayerOf(surroundings);

  command(
    'start',
    'Run everything in one process: PostgreSQL, the five subgraphs and the gateway.',
    'PORT=8080 npx wenshu start',
  ).action(async () => {
    const settled = config();
    const { startHub } = await import('../process/main.ts');
    await runUntilSignal(
      settled,
      () => startHub(settled, consoleLog(settled.logLevel), say),
      (hub) => say(describeHub(hub, settled, surroundings.env)),
    );
  });

  command('subgraph', 'Run one subgraph on its own, over HTTP.', 'npx wenshu subgraph parks --port 4003')
    .addArgument(new Argument('<name>', 'subgraph to run').choices(subgraphNames))
    .addOption(
      portOption(
        `port to listen on (default: ${subgraphNames.map((name) => `${name} ${subgraphPorts[name]}`).join(', ')})`,
      ),
    )
    .action(async (argument: string, options: { port?: number }) => {
      const name = subgraphNames.find((each) => each === argument) ?? subgraphNames[0];
      const settled = { ...config(), port: options.port ?? subgraphPorts[name] };
      const { startSubgraph } = await import('../process/main.ts');
      await runUntilSignal(
        settled,
        () => startSubgraph(name, settled, consoleLog(settled.logLevel)),
        ({ address }) => say(`The subgraph ${name} answers at ${address}. Ctrl-C stops it.`),
      );
    });

  command(
    'gateway',
    'Run a gateway on its own, over any federation v2 supergraph.',
    'npx wenshu gateway --supergraph schema/supergraph.graphql --port 4000',
  )
    .option('--supergraph <file>', "supergraph to serve (default: SUPERGRAPH, or the hub's own)")
    .addOption(portOption(`port to listen on (default: PORT, or ${own.port.standard})`))
    .action(async (options: { supergraph?: string; port?: number }) => {
      const base = config();
      const settled = {
        ...base,
        port: options.port ?? base.port,
        supergraphFile: options.supergraph ? resolve(options.supergraph) : base.supergraphFile,
      };
      const { startGateway } = await import('../process/main.ts');
      await runUntilSignal(
        settled,
        () => startGateway(settled, consoleLog(settled.logLevel)),
        ({ address, graphiql }) =>
          say(
            `The gateway answers at ${address}. Ctrl-C stops it.${graphiql ? `\nGraphiQL: ${graphiql}` : ''}`,
          ),
      );
    });

  command(
    'database',
    'Run only the embedded PostgreSQL, migrated and loaded, for subgraphs on their own.',
    'npx wenshu database',
  ).action(async () => {
    const settled = config();
    const { startDatabase } = await import('../process/main.ts');
    await runUntilSignal(
      settled,
      () => startDatabase(settled, say),
      ({ address }) => say(`PostgreSQL listens on ${address}. Ctrl-C stops it.`),
    );
  });
}

/** Adds the commands that let a person on this machine in. */
function addAccessCommands(command: AddCommand, surroundings: Surroundings): void {
  const config = () => configOf(surroundings);
  const say = sayerOf(surroundings);

  command(
    'token',
    'Print a token of the development key, for a hub on this machine. In production tokens come from the identity provider.',
    'curl -H "authorization: Bearer $(npx wenshu token --department PROPAGANDA --role viewer)" …',
  )
    .addOption(
      new Option('--department <name>', 'department of the caller')
        .choices(departments)
        .makeOptionMandatory(),
    )
    .addOption(new Option('--role <name>', 'role of the caller').choices(roles).makeOptionMandatory())
    .addOption(
      checkedOption(
        '--region <code>',
        'region that the department is responsible for (default: all)',
        (text) => (/^\d{6}$/.test(text) ? undefined : 'must be six digits of GB/T 2260'),
      ),
    )
    .option('--agency <id>', 'agency for which the caller acts, an id of Agency (default: none)')
    .option('--user <name>', 'name of the caller', 'developer')
    .addOption(
      checkedOption('--expires <duration>', 'time until the token expires', (text) =>
        parseDuration(text) ? undefined : 'must be like 10s, 2m or 8h',
      ).default('8h'),
    )
    .action(async ({ expires, ...claims }: Claims & { expires: string }) => {
      const settled = config();
      const { signDevelopmentToken } = await import('../process/access.ts');
      say(await signDevelopmentToken(settled, claims, parseDuration(expires) ?? 0));
    });

  command(
    'graphiql',
    'Print a link that opens GraphiQL once, on a hub on this machine that runs with the development key.',
    'npx wenshu graphiql --port 8080',
  )
    .addOption(portOption(`port of the hub (default: PORT, or ${own.port.standard})`))
    .action(async ({ port }: { port?: number }) => {
      const settled = config();
      const { makeLink } = await import('../process/access.ts');
      say(await makeLink(settled, shownOrigin(settled.host, port ?? settled.port)));
    });
}

/** Adds the commands that fill databases. */
function addDataCommands(command: AddCommand, surroundings: Surroundings): void {
  const config = () => configOf(surroundings);
  const say = sayerOf(surroundings);

  command(
    'migrate',
    'Bring the databases up to date.',
    'DATABASE_URL=postgres://admin:secret@db:5432/wenshu npx wenshu migrate',
  ).action(async () => {
    const settled = config();
    const { withDatabases } = await import('../process/databases.ts');
    const { migrate } = await import('@wenshu/migrations/migrate.ts');
    await withDatabases(settled, say, (databases) => migrate(databases, say));
    say('The databases are up to date.');
  });

  command('load', 'Load the dataset into databases that have none yet.', 'npx wenshu load').action(
    async () => {
      const settled = config();
      const { prepare, withDatabases } = await import('../process/databases.ts');
      const rows = await withDatabases(settled, say, (databases) => prepare(databases, say));
      say(rows > 0 ? `Loaded the dataset: ${rows} rows.` : 'The dataset is there already.');
    },
  );

  command(
    'generate',
    'Add a synthetic city of any size to the real data. The same size and seed make the same rows.',
    'npx wenshu generate --enterprises 1000000 --seed 7',
  )
    .requiredOption('--enterprises <number>', 'number of enterprises', wholeNumber(1, 100_000_000))
    .option('--seed <number>', 'seed: another number makes another city', wholeNumber(0, 2 ** 32 - 1), 1)
    .option('--replace', 'replace the existing synthetic rows', false)
    .action(async (options: { enterprises: number; seed: number; replace: boolean }) => {
      const settled = config();
      const { prepare, withDatabases } = await import('../process/databases.ts');
      const { generate } = await import('@wenshu/migrations/generate.ts');
      const { duration, showProgress } = await import('./progress.ts');
      const startedAt = performance.now();
      const progress = showProgress('rows', surroundings.err);
      const rows = await withDatabases(settled, say, async (databases) => {
        await prepare(databases, say);
        return generate(databases, {
          ...options,
          onProgress: ({ subgraph, doing, rows: done, fraction }) =>
            progress.report({ doing: `${subgraph}: ${doing}`, done, fraction }),
        });
      }).finally(progress.end);
      const time = duration((performance.now() - startedAt) / 1_000);
      say(rows > 0 ? `Made ${rows} synthetic rows in ${time}.` : 'The synthetic city is there already.');
      say('Queries find it with filter: {synthetic: {eq: true}}, or on a hub that is started with TRIAL=1.');
    });
}

/** Adds the commands for the composed schema. */
function addSchemaCommands(command: AddCommand, surroundings: Surroundings): void {
  const say = sayerOf(surroundings);

  command(
    'compose',
    'Compose the subgraphs into schema/supergraph.graphql, schema/api.graphql and docs/catalogue.md.',
    'npx wenshu compose',
  )
    .option('--allow-breaking', 'write the files even if this breaks callers of the checked-in API', false)
    .action(async (options: { allowBreaking: boolean }) => {
      const { writeComposition } = await import('@wenshu/schema/compose.ts');
      await writeComposition(memberFolders, options);
      say('schema/supergraph.graphql, schema/api.graphql and docs/catalogue.md are up to date.');
    });

  command(
    'check',
    'Check that the composed files are fresh, and that no caller of the API breaks.',
    'npx wenshu check --against origin/main',
  )
    .option(
      '--against <file-or-revision>',
      'API to compare with: a file or a git revision (default: the checked-in API)',
    )
    .action(async (options: { against?: string }) => {
      const { check } = await import('@wenshu/schema/check.ts');
      const problems = await check(memberFolders, options);
      for (const problem of problems) surroundings.err.write(`${problem}\n`);
      if (problems.length > 0) throw new Ended(exitCodes.failed);
      say('The composed files are fresh, and nothing breaks.');
    });
}

/**
 * Describes an error. Messages for users are printed unchanged; of other errors no value that was sent to a database is
 * printed.
 */
function inWords(error: unknown, { name, code, message, constraint }: Failure): string {
  if (error instanceof GraphQLError) return error.message;
  const names = [name === 'PostgresError' && code, constraint].filter(Boolean);
  return names.length > 0 ? `${message} (${names.join(', ')})` : message;
}

function listSettings() {
  const width = Math.max(...settings.map(({ name }) => name.length));
  return settings
    .map((setting) => {
      const standard = setting.standard ? ` (default: ${setting.standard})` : '';
      return `  ${setting.name.padEnd(width)}  ${setting.about}${standard}`;
    })
    .join('\n');
}
