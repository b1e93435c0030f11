import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describeMachine } from '../support/machine.ts';
import { asMarkdown, asText, type Table } from '../support/table.ts';
import type { CityFigures } from './city/run.ts';
import { canPin } from './support/cores.ts';
import type { Measured, Outcome, Timing } from './support/rounds.ts';
import { ours } from './wide/contestants.ts';
import type { WideCase } from './wide/run.ts';

export interface Report extends CityFigures {
  readonly shop: ReadonlyMap<WideCase, readonly Outcome[]>;
  readonly timing: Timing;
}

const titles: Readonly<Record<WideCase, string>> = {
  wide: 'wide: four subgraphs, an answer of 87 KB, 50 connections',
  small: 'small: one field of one subgraph, 50 connections',
};

/** Whether our own gateway answered, and rightly, wherever it was asked. */
export const hasOurs = ({ shop, enterprise360 = [] }: Report): boolean =>
  ![...shop.values(), enterprise360].flat().some((outcome) => outcome.name === ours && !isMeasured(outcome));

/** Written to the terminal. */
export const show = (report: Report): string =>
  [measuredOn(report), ...tablesOf(report).map(asText)].join('\n\n');

/** Written as Markdown for the README; resolves to the file. */
export function save(report: Report): string {
  const folder = fileURLToPath(new URL('results/', import.meta.url));
  mkdirSync(folder, { recursive: true });
  const file = `${folder}bench.md`;
  writeFileSync(file, `${[...tablesOf(report).map(asMarkdown), measuredOn(report)].join('\n\n')}\n`);
  return file;
}

function measuredOn({ timing: { rounds, seconds } }: Report): string {
  const date = new Date().toISOString().slice(0, 10);
  const pinning = canPin
    ? 'Gateway on one core, load and subgraphs on the other, but for 360 and growth.'
    : 'Gateway, load and subgraphs share the cores: "taskset" is missing here, or a second core.';
  return `${describeMachine()}, ${date}; medians of ${rounds} rounds of ${seconds} s. ${pinning}`;
}

function tablesOf({ shop, enterprise360, growth }: Report): Table[] {
  return [
    ...[...shop].map(([name, outcomes]) => gatewayTable(titles[name], outcomes)),
    ...(enterprise360
      ? [
          limitTable(
            '360: 50 of 100,000 enterprises from five subgraphs, 16 connections (CPU without that of PostgreSQL)',
            enterprise360,
          ),
        ]
      : []),
    ...(growth
      ? [
          {
            title: 'growth: median time of one request after the other',
            head: ['', 'from ms', 'to ms', 'ratio', 'limit'],
            rows: growth.map(({ what, fromMs, toMs, limit }) => [
              what,
              fromMs.toFixed(1),
              toMs.toFixed(1),
              times(toMs / fromMs),
              times(limit),
            ]),
          },
        ]
      : []),
  ];
}

const isMeasured = (outcome: Outcome): outcome is Measured => 'figures' in outcome;

/** Processor time first: on two cores the load gets stuck before a quick gateway does. */
function gatewayTable(title: string, outcomes: readonly Outcome[]): Table {
  const own = outcomes.filter(isMeasured).find(({ name }) => name === ours);
  return {
    title,
    head: ['', 'CPU ms/request', '× ours', 'requests/s', 'p50 ms', 'p99 ms', 'RSS MB', 'failed'],
    rows: outcomes.map((outcome) =>
      isMeasured(outcome)
        ? [
            outcome.name,
            outcome.figures.cpuMsPerRequest.toFixed(3),
            own ? times(outcome.figures.cpuMsPerRequest / own.figures.cpuMsPerRequest) : '',
            ...common(outcome),
          ]
        : [outcome.name, outcome.reason],
    ),
  };
}

function limitTable(title: string, outcomes: readonly Outcome[]): Table {
  const limit = outcomes.filter(isMeasured).find(({ name }) => name !== ours);
  return {
    title,
    head: ['', 'CPU ms/request', '× the limit', 'requests/s', 'p50 ms', 'p99 ms', 'RSS MB', 'failed'],
    rows: outcomes.map((outcome) =>
      isMeasured(outcome)
        ? [
            outcome.name,
            outcome.figures.cpuMsPerRequest.toFixed(3),
            limit ? times(outcome.figures.requestsPerSecond / limit.figures.requestsPerSecond) : '',
            ...common(outcome),
          ]
        : [outcome.name, outcome.reason],
    ),
  };
}

const common = ({ figures }: Measured) => [
  figures.requestsPerSecond.toFixed(0),
  figures.p50Ms.toFixed(1),
  figures.p99Ms.toFixed(1),
  (figures.rssBytes / 2 ** 20).toFixed(0),
  String(figures.failures),
];

const times = (ratio: number) => `${ratio.toFixed(2)} ×`;
