import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describeMachine } from '../support/machine.ts';
import { asMarkdown, asText, type Table } from '../support/table.ts';
import type { CityFigures } from './city/run.ts';
import type { HiddenFigure } from './hidden/run.ts';
import type { SubscriptionFigure } from './subscriptions/run.ts';
import { canPin } from './support/cores.ts';
import type { LoadFigures } from './support/load.ts';
import type { Measured, Outcome, Timing } from './support/rounds.ts';
import { accessOff, type Bar, bars, groupWrite } from './wide/access.ts';
import { ours } from './wide/contestants.ts';
import { isGoverned, type WideCase } from './wide/run.ts';

export interface Report extends CityFigures {
  readonly shop: ReadonlyMap<WideCase, readonly Outcome[]>;
  readonly hidden?: readonly HiddenFigure[];
  readonly subscriptions?: readonly SubscriptionFigure[];
  readonly timing: Timing;
}

const titles: Readonly<Record<WideCase, string>> = {
  wide: 'wide: four subgraphs, an answer of 87 KB, 50 connections',
  small: 'small: one field of one subgraph, 50 connections',
  access: 'access: small, with what governs the gateway',
  'access-each':
    'access-each: the same, but each request of another user, so that none shares a call to the subgraph',
};

/** True if our own gateway gave right answers in each case. */
export const hasOurs = ({ shop, enterprise360 = [] }: Report): boolean =>
  [...shop].every(([name, outcomes]) => !isGoverned(name) || outcomes.every(isMeasured)) &&
  ![...shop.values(), enterprise360].flat().some((outcome) => outcome.name === ours && !isMeasured(outcome));

/** Formats the report for the terminal. */
export const show = (report: Report): string =>
  [measuredOn(report), ...tablesOf(report).map(asText)].join('\n\n');

/** Writes the report as Markdown for docs/performance.md; returns the file. */
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

function tablesOf({ shop, hidden, enterprise360, growth, subscriptions }: Report): Table[] {
  return [
    ...[...shop].map(([name, outcomes]) => loadTable(titles[name], outcomes, ratiosOf[name])),
    ...(hidden ? [hiddenTable(hidden)] : []),
    ...(subscriptions ? [subscriptionsTable(subscriptions)] : []),
    ...(enterprise360
      ? [
          loadTable(
            '360: 50 of 100,000 enterprises from five subgraphs, 16 connections (CPU without that of PostgreSQL)',
            enterprise360,
            [toTheLimit],
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

const hiddenTable = (figures: readonly HiddenFigure[]): Table => ({
  title:
    'hidden: medians of 200 requests each, in turns, for what a caller may not see and for what nobody has',
  head: ['', 'hidden ms', 'absent ms', 'absent again ms', 'hidden / absent', 'apart ms', 'noise ms', ''],
  rows: figures.map(({ what, hiddenMs, absentMs, absentAgainMs, noiseMs }) => {
    const apartMs = Math.abs(hiddenMs - absentMs);
    return [
      what,
      ...[hiddenMs, absentMs, absentAgainMs].map((ms) => ms.toFixed(3)),
      times(hiddenMs / absentMs),
      apartMs.toFixed(3),
      noiseMs.toFixed(3),
      apartMs <= noiseMs ? 'within noise' : 'the clock tells',
    ];
  }),
});

const subscriptionsTable = (figures: readonly SubscriptionFigure[]): Table => ({
  title: 'subscriptions: over Server-Sent Events, each event with an entity of another subgraph',
  head: [
    '',
    'subscribers',
    'operations',
    'CPU µs/delivered event',
    '× ours',
    'p99 ms at half load',
    'kB/subscriber',
  ],
  rows: figures.map(({ gateway, subscribers, isEach, cpuMicroseconds, p99Ms, bytesEach }) => {
    const own = figures.find(
      (each) => each.gateway === ours && each.subscribers === subscribers && each.isEach === isEach,
    );
    return [
      gateway,
      String(subscribers),
      isEach ? 'one each' : 'one for all',
      cpuMicroseconds.toFixed(1),
      own ? times(cpuMicroseconds / own.cpuMicroseconds) : '',
      p99Ms.toFixed(1),
      (bytesEach / 1000).toFixed(1),
    ];
  }),
});

const isMeasured = (outcome: Outcome): outcome is Measured => 'figures' in outcome;

/** A column that compares a figure with that of one contestant. */
type Ratio = {
  readonly head: string;
  readonly isOne: (name: string) => boolean;
  readonly of: (figures: LoadFigures) => number;
};

const cpu = (figures: LoadFigures) => figures.cpuMsPerRequest;
const throughput = (figures: LoadFigures) => figures.requestsPerSecond;

/** Ratio of processor time, because on two cores the load client is saturated before a quick gateway. */
const toOurs: Ratio = { head: '× ours', isOne: (name) => name === ours, of: cpu };
const toTheLimit: Ratio = { head: '× the limit', isOne: (name) => name !== ours, of: throughput };

const isOff = (name: string) => name === accessOff;
const toOff: readonly Ratio[] = [
  { head: 'CPU × off', isOne: isOff, of: cpu },
  { head: 'requests/s × off', isOne: isOff, of: throughput },
  { head: 'requests/s × bare group write', isOne: (name) => name === groupWrite, of: throughput },
];
const ratiosOf: Readonly<Record<WideCase, readonly Ratio[]>> = {
  wide: [toOurs],
  small: [toOurs],
  access: toOff,
  'access-each': toOff,
};

function loadTable(title: string, outcomes: readonly Outcome[], ratios: readonly Ratio[]): Table {
  const measured = outcomes.filter(isMeasured);
  const ratioTo = ({ isOne, of }: Ratio, figures: LoadFigures) => {
    const one = measured.find(({ name }) => isOne(name));
    return one ? times(of(figures) / of(one.figures)) : '';
  };
  const heads = ratios.map(({ head }) => head);
  const hasBars = measured.some(({ name }) => bars.has(name));
  return {
    title,
    head: [
      '',
      'CPU ms/request',
      ...heads,
      'requests/s',
      'p50 ms',
      'p99 ms',
      'RSS MB',
      'failed',
      ...(hasBars ? ['wanted'] : []),
    ],
    rows: outcomes.map((outcome) => {
      if (!isMeasured(outcome)) return [outcome.name, outcome.reason];
      const { name, figures } = outcome;
      return [
        name,
        figures.cpuMsPerRequest.toFixed(3),
        ...ratios.map((ratio) => ratioTo(ratio, figures)),
        figures.requestsPerSecond.toFixed(0),
        figures.p50Ms.toFixed(1),
        figures.p99Ms.toFixed(1),
        (figures.rssBytes / 2 ** 20).toFixed(0),
        String(figures.failures),
        ...(hasBars ? [held(bars.get(name), figures, measured)] : []),
      ];
    }),
  };
}

/** Formats the bar of a contestant, and whether it is met. */
function held(bar: Bar | undefined, figures: LoadFigures, measured: readonly Measured[]): string {
  const other = measured.find(({ name }) => name === bar?.of);
  if (!bar || !other) return '';
  const isHeld = throughput(figures) >= bar.least * throughput(other.figures);
  return `at least ${times(bar.least)} ${bar.of}: ${isHeld ? 'held' : 'missed'}`;
}

const times = (ratio: number) => `${ratio.toFixed(2)} ×`;
