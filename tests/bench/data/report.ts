import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describeMachine } from '../../support/machine.ts';
import { asMarkdown, asText, type Table } from '../../support/table.ts';
import type { Asked, Timing } from './asks.ts';
import { copier, type Exported } from './exports.ts';

/** Figures of one city, by question. */
export interface Figures {
  readonly enterprises: number;
  readonly pages: ReadonlyMap<string, Asked>;
  readonly aggregates: ReadonlyMap<string, Asked>;
  readonly exports: ReadonlyMap<string, readonly Exported[]>;
}

/** Formats the report for the terminal. */
export const show = (figures: readonly Figures[], timing: Timing): string =>
  [measuredOn(timing), ...tablesOf(figures).map(asText)].join('\n\n');

/** Writes the report as Markdown; returns the file. */
export function save(figures: readonly Figures[], timing: Timing): string {
  const folder = fileURLToPath(new URL('../results/', import.meta.url));
  mkdirSync(folder, { recursive: true });
  const file = `${folder}data.md`;
  writeFileSync(file, `${[...tablesOf(figures).map(asMarkdown), measuredOn(timing)].join('\n\n')}\n`);
  return file;
}

const measuredOn = ({ rounds, seconds }: Timing) =>
  `${describeMachine()}, ${new Date().toISOString().slice(0, 10)}; medians of ${rounds} rounds of ${seconds} s, hub and SQL in turn.`;

const tablesOf = (figures: readonly Figures[]): Table[] =>
  [
    askTable('pages of 50 rows', figures, ({ pages }) => pages),
    askTable('aggregates over all enterprises', figures, ({ aggregates }) => aggregates),
    {
      title: `exports of all enterprises, beside ${copier} of the same columns as CSV`,
      head: ['', 'enterprises', 'rows/s', 'copy rows/s', '% of copy', 'RSS before, MB', 'most'],
      rows: figures.flatMap(({ enterprises, exports }) =>
        [...exports].flatMap(([name, all]) =>
          all.map(({ format, rowsPerSecond, copyRowsPerSecond, idleRssBytes, rssBytes }) => [
            `${name}, ${format}`,
            enterprises.toLocaleString('en'),
            rowsPerSecond.toFixed(0),
            copyRowsPerSecond.toFixed(0),
            ((rowsPerSecond / copyRowsPerSecond) * 100).toFixed(0),
            (idleRssBytes / 2 ** 20).toFixed(0),
            (rssBytes / 2 ** 20).toFixed(0),
          ]),
        ),
      ),
    },
  ].filter(({ rows }) => rows.length > 0);

/** Formats a table by question, with the cities below each other. */
function askTable(
  title: string,
  figures: readonly Figures[],
  part: (figures: Figures) => ReadonlyMap<string, Asked>,
): Table {
  const [smallest] = figures;
  const names = smallest ? [...part(smallest).keys()] : [];
  return {
    title,
    head: ['', 'enterprises', 'p50 ms', 'p99 ms', '× smallest', 'SQL p50 ms', 'SQL p99 ms', '× SQL'],
    rows: names.flatMap((name) =>
      figures.flatMap((each) => {
        const asked = part(each).get(name);
        const least = smallest && part(smallest).get(name);
        if (!asked || !least) return [];
        const { hub, sql } = asked;
        return [
          [
            name,
            each.enterprises.toLocaleString('en'),
            hub.p50Ms.toFixed(1),
            hub.p99Ms.toFixed(1),
            times(hub.p50Ms / least.hub.p50Ms),
            sql.p50Ms.toFixed(1),
            sql.p99Ms.toFixed(1),
            times(hub.p50Ms / sql.p50Ms),
          ],
        ];
      }),
    ),
  };
}

const times = (ratio: number) => `${ratio.toFixed(2)} ×`;
