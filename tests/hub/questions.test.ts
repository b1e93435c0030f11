import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { type Department, departments } from '@wenshu/schema/caller.ts';
import { subgraphNames } from '@wenshu/schema/subgraph-sdl.ts';
import { Kind, parse, visit } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHub, type TestHub } from '../support/hub.ts';

/**
 * Questions that departments ask, a page each: the question in words, who asks, the sentence of a source that the answer follows from,
 * the query, and the answer. `npx vitest run hub/questions -u` writes the answers; read them before you commit.
 */
const folder = fileURLToPath(new URL('./questions/', import.meta.url));
const data = new URL('../../migrations/data/', import.meta.url);

type Page = {
  readonly file: string;
  readonly text: string;
  readonly askedBy: Department;
  /** Coordinates that agreements share with the one who asks. */
  readonly agreed: readonly string[];
  readonly quotes: readonly { readonly source: string; readonly quote: string }[];
  readonly query: string;
  /** The answer on the page; undefined if there is none yet. */
  readonly answer: unknown;
};

const pages = readdirSync(folder).map(readPage);

function readPage(file: string): Page {
  const text = readFileSync(`${folder}${file}`, 'utf8');
  const askedBy = text.match(/^Asked by ([A-Z_]+)/m)?.[1];
  const department = departments.find((each) => each === askedBy);
  const query = text.match(/```graphql\n([\s\S]*?)```/)?.[1];
  if (!department || !query) throw new Error(`${file} does not say who asks, or what.`);
  const agreed = text.match(/^Under agreements on (.*)\.$/m)?.[1]?.match(/\w+\.\w+/g) ?? [];
  const quotes = [...text.matchAll(/^> (src-\d{3}): (.*)$/gm)].map(([, source = '', quote = '']) => ({
    source,
    quote,
  }));
  const written = text.match(/```json\n([\s\S]*?)```/)?.[1];
  const answer: unknown = written ? JSON.parse(written) : undefined;
  return { file, text, askedBy: department, agreed, quotes, query, answer };
}

const withAnswer = (text: string, data: unknown) =>
  text.replace(/```json\n[\s\S]*?```/, () => `\`\`\`json\n${JSON.stringify(data, null, 2)}\n\`\`\``);

/** The quotes of all records, by document. */
const quotesOnRecord = Map.groupBy(
  readdirSync(data).flatMap((file) => {
    if (!file.endsWith('.json')) return [];
    const records: unknown = JSON.parse(readFileSync(new URL(file, data), 'utf8'));
    return citationsIn(records);
  }),
  ({ sourceId }) => sourceId,
);

function citationsIn(value: unknown): { sourceId: string; quote: string }[] {
  if (Array.isArray(value)) return value.flatMap(citationsIn);
  if (typeof value !== 'object' || value === null) return [];
  const { sourceId, quote } = value as Record<string, unknown>;
  if (typeof sourceId === 'string' && typeof quote === 'string') return [{ sourceId, quote }];
  return Object.values(value).flatMap(citationsIn);
}

/** The agencies that answered. */
const answered = new Set<string>();

let hub: TestHub;
beforeAll(async () => {
  const agreements: Partial<Record<Department, { fields: string[] }[]>> = {};
  for (const { askedBy, agreed } of pages) {
    if (agreed.length > 0) agreements[askedBy] = [...(agreements[askedBy] ?? []), { fields: [...agreed] }];
  }
  hub = await startHub({ callers: true, agreements });
});
afterAll(() => hub[Symbol.asyncDispose]());

describe.each(pages)('$file', ({ file, text, askedBy, quotes, query, answer }) => {
  it('is answered in one query, as the page says', async () => {
    const { data, errors } = await hub.as(askedBy).ask(query);
    expect(errors).toBeUndefined();
    for (const [agency, calls] of Object.entries(hub.calls)) if (calls > 0) answered.add(agency);
    // The formatter may write the same answer differently.
    const page = isDeepStrictEqual(answer, data) ? text : withAnswer(text, data);
    await expect(page).toMatchFileSnapshot(`${folder}${file}`);
  });

  it('follows from what the sources say, word for word', () => {
    expect(quotes).not.toEqual([]);
    const missing = quotes.filter(
      ({ source, quote }) => !quotesOnRecord.get(source)?.some((citation) => citation.quote.includes(quote)),
    );
    expect(missing).toEqual([]);
  });

  it('names no id that a newcomer cannot know', () => {
    const ids: string[] = [];
    visit(parse(query), {
      [Kind.STRING]: ({ value }) => {
        if (/^(ent|park|pol|evt|pty|brand|mech|ind|prj|org|work)-/.test(value)) ids.push(value);
      },
    });
    expect(ids).toEqual([]);
  });
});

it('there are at least 44 questions, over all documents and all agencies', () => {
  expect(pages.length).toBeGreaterThanOrEqual(44);
  expect(new Set(pages.flatMap(({ quotes }) => quotes.map(({ source }) => source)))).toEqual(
    new Set(['src-000', 'src-001', 'src-002', 'src-003', 'src-004']),
  );
  expect(answered).toEqual(new Set(subgraphNames));
});

/** What the graph offers for numbers, finding and matching: each stands in one question at least. */
it.each([
  ['coverage as a condition', /partyCoverage: \{ organisation: \{ eq: UNKNOWN/],
  ['published coverage', /partyCoverage\([^)]*\) \{\s+published/],
  ['sums with a reason', /sum\s+(approx\s+)?reasonZh/],
  ['completeness', /completeness \{/],
  ['figures of all agencies by subject', /subjectType: \{/],
  ['typed dimensions', /stockOrFlow: \{[^}]*\}/],
  ['conditions on honours', /honours: \{ some: \{[^}]*year/],
  ['conditions on hosts', /hosts: \{ some: \{ role/],
  ['conditions on targets', /targets: \{\s+some/],
  ['conditions on measures', /measures\(\s*filter: \{[^)]*(kind|textZh): \{/],
  ['the role on edges', /edges \{\s+roles/],
  ['typed relations', /enterprises\(role: ATTRACTED\)/],
  ['search', /search\(/],
  ['matches', /policyMatches\(/],
  ['candidates', /candidateEnterprises\(/],
  ['what if', /policyMatchesFor\(/],
  ['requests', /serviceRequestSummary\(/],
  ['labels', /enumLabels\(/],
])('%s are asked for', (_kind, asked) => {
  expect(pages.some(({ query }) => asked.test(query))).toBe(true);
});
