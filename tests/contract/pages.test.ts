import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, test } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const pages = globSync('{*,docs/**/*,.github/**/*}.md', { cwd: root }).sort();

const read = (path: string) => readFileSync(join(root, path), 'utf8');
const textOf = (path: string) => read(path).replaceAll(/```.*?```/gs, '');

/** The anchor that GitHub gives to a heading: lower case, without punctuation, a dash for each space. */
const anchorOf = (heading: string) =>
  heading
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-');

const anchorsOf = (path: string) =>
  [...textOf(path).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchorOf(heading));

function isGood(page: string, link: string): boolean {
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? page : relative(root, join(root, dirname(page), path));
  if (!existsSync(join(root, target))) return false;
  return anchor === undefined || anchorsOf(target).includes(decodeURIComponent(anchor));
}

describe('pages for people', () => {
  it('are found', () => {
    expect(pages).toEqual(expect.arrayContaining(['CONTRIBUTING.md', 'README.md', 'docs/README.md']));
  });

  test.for(pages)('%s links only to files and headings that exist', (page) => {
    const links = [...textOf(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
    const ownLinks = links.filter((link) => !/^[a-z]+:/.test(link));
    expect(ownLinks.filter((link) => !isGood(page, link))).toEqual([]);
  });

  test.for(pages)('%s names only files of this repository that exist', (page) => {
    const code = [...textOf(page).matchAll(/`([^`\n]+)`/g)].map(([, text = '']) => text);
    const named = code.filter((text) =>
      /^(schema|subgraphs|gateway|migrations|tests|docs)\/[\w./-]+$/.test(text),
    );
    expect(named.filter((path) => !/\bNAME\b/.test(path) && !existsSync(join(root, path)))).toEqual([]);
  });

  it('are all in the index', () => {
    const indexed = [...read('docs/README.md').matchAll(/\]\((?!\.\.\/)([\w./-]+\.md)\)/g)].map(
      ([, page]) => page,
    );
    const all = globSync('**/*.md', { cwd: join(root, 'docs') }).filter((page) => page !== 'README.md');
    expect(indexed.toSorted()).toEqual(all.toSorted());
  });
});
