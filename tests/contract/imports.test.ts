import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** The rooms of the gateway: files of one import only from rooms before it. */
const rooms = [
  ...['lib', 'supergraph', 'request'],
  ...['http', 'governance', 'audit', 'upstream', 'planning'],
  ...['admission', 'semijoin', 'telemetry', 'control', 'execution'],
  ...[
    'graph',
    'response',
    'export',
    'apollo',
    'subscriptions',
    'parts.ts',
    'gateway.ts',
    'graphiql',
    'process',
    'cli',
  ],
];

const sources = globSync('{gateway,schema,subgraphs,migrations}/**/*.{ts,mjs}', { cwd: root })
  .filter((file) => !file.includes('node_modules'))
  .sort();

/** The files of this repository that a file imports, types included. */
function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8');
  const named = [...text.matchAll(/(?:\bfrom|\bimport\(|^import) ?'([^']+\.m?[tj]s)'/gm)].map(
    ([, path = '']) => path,
  );
  return named.flatMap((path) => {
    if (path.startsWith('.')) return [relative(root, join(root, dirname(file), path))];
    const [, name = '', rest] = /^@wenshu\/([^/]+)\/(.+)$/.exec(path) ?? [];
    const folder = ['gateway', 'schema', 'migrations'].includes(name) ? name : `subgraphs/${name}`;
    return rest ? [`${folder}/${rest}`] : [];
  });
}

const imports = new Map(sources.map((file) => [file, importsOf(file)]));
const arrows = [...imports].flatMap(([from, all]) => all.map((to) => ({ from, to })));

/** The index of the room of a file in the gateway; NaN for a file in none of them. */
function roomOf(file: string): number {
  const [, room = ''] = file.split('/');
  return rooms.includes(room) ? rooms.indexOf(room) : Number.NaN;
}

const isIn = (folder: string) => (file: string) => file.startsWith(`${folder}/`);

test('each file that is imported is read here', () => {
  expect(arrows.filter(({ to }) => !imports.has(to))).toEqual([]);
  expect(arrows.length).toBeGreaterThan(1_000);
});

test('a room of the gateway imports from rooms before it alone', () => {
  const ofGateway = arrows.filter(({ from, to }) => isIn('gateway')(from) && isIn('gateway')(to));
  expect(ofGateway.filter(({ from, to }) => !(roomOf(to) <= roomOf(from)))).toEqual([]);
});

test('subgraphs import from kit and schema, kit from schema, and no subgraph from another', () => {
  const subgraphOf = (file: string) => /^subgraphs\/([^/]+)\//.exec(file)?.[1];
  const isAllowed = ({ from, to }: { from: string; to: string }) => {
    if (isIn('schema')(from)) return isIn('schema')(to);
    if (isIn('subgraphs/kit')(from)) return isIn('subgraphs/kit')(to) || isIn('schema')(to);
    const own = subgraphOf(from);
    return own === undefined || [own, 'kit'].includes(subgraphOf(to) ?? '') || isIn('schema')(to);
  };
  expect(arrows.filter((arrow) => !isAllowed(arrow))).toEqual([]);
});

test('only gateway/apollo knows Apollo Server', () => {
  const knowing = sources.filter((file) => readFileSync(join(root, file), 'utf8').includes("'@apollo/"));
  expect(knowing.filter((file) => !isIn('gateway/apollo')(file))).toEqual([]);
});

/** The packages beside the schema that each room of the gateway imports from. Every other room imports from none. */
const packagesOfRooms: Readonly<Record<string, readonly string[]>> = {
  'gateway/control': ['subgraphs/kit'],
  'gateway/process': ['subgraphs/kit', 'migrations'],
  'gateway/cli': ['subgraphs/kit', 'migrations'],
};
/** The only file that knows the gateway and the agencies. */
const joint = 'gateway/process/main.ts';

test('control, process and cli alone import from the kit or the migrations, and one file from the agencies', () => {
  const isAllowed = ({ from, to }: { from: string; to: string }) => {
    if (isIn('gateway')(to) || isIn('schema')(to)) return true;
    const packages = packagesOfRooms[from.split('/', 2).join('/')] ?? [];
    return packages.some((each) => isIn(each)(to)) || (from === joint && isIn('subgraphs')(to));
  };
  const ofGateway = arrows.filter(({ from }) => isIn('gateway')(from));
  expect(ofGateway.filter((arrow) => !isAllowed(arrow))).toEqual([]);
});

test('nothing but the gateway imports from the gateway, and no subgraph from the migrations', () => {
  const upward = arrows.filter(
    ({ from, to }) =>
      (isIn('gateway')(to) && !isIn('gateway')(from)) || (isIn('migrations')(to) && isIn('subgraphs')(from)),
  );
  expect(upward).toEqual([]);
});

/** The packages, each above those before it. The kit and the subgraphs have an order of their own. */
const packages = ['schema', 'subgraphs', 'migrations', 'gateway'];
const rankOf = (file: string) => packages.indexOf(file.split('/')[0] ?? '');

/** The files and folders of packages that a file addresses by a URL, as an import would. */
const addressedBy = (file: string) =>
  [
    ...readFileSync(join(root, file), 'utf8').matchAll(
      /['`](\.\.\/[^'`]+)['`](?=[^\n]*\n?[^\n]*import\.meta)/g,
    ),
  ]
    .map(([, path = '']) => relative(root, join(root, dirname(file), path)))
    .filter((to) => rankOf(to) >= 0);

test('no file reads a package above its own by a URL, except the generator of migrations', () => {
  const upward = sources.flatMap((from) =>
    addressedBy(from)
      .filter((to) => rankOf(to) > rankOf(from))
      .map((to) => ({ from, to })),
  );
  expect(upward).toEqual([{ from: 'migrations/make-migrations.ts', to: 'gateway/control/tables.ts' }]);
});

test('no files import each other in a circle, not even types', () => {
  const done = new Set<string>();
  const circles: string[][] = [];
  const visit = (file: string, way: readonly string[]) => {
    if (way.includes(file)) circles.push([...way.slice(way.indexOf(file)), file]);
    else if (!done.has(file)) for (const next of imports.get(file) ?? []) visit(next, [...way, file]);
    done.add(file);
  };
  for (const file of sources) visit(file, []);
  expect(circles).toEqual([]);
});

test('docs/architecture.md has the rooms of the gateway in their order', () => {
  const page = readFileSync(join(root, 'docs/architecture.md'), 'utf8');
  const [, table = ''] = /^## The rooms of the gateway\n(.*?)^## /ms.exec(page) ?? [];
  const documented = [...table.matchAll(/^\| `([\w.]+)\/?` /gm)].map(([, room]) => room);
  expect(documented).toEqual(rooms);
});
