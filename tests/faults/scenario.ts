import type { City } from './city.ts';
import type { Exchange } from './load.ts';

export interface Scenario {
  readonly name: string;
  run(city: City): Promise<readonly Figure[]>;
}

/** What was measured, in words; where a bar stands, whether it is met. */
export interface Figure {
  readonly name: FigureName;
  readonly text: string;
  readonly isMet?: boolean;
  /** What an operator would want to know of a bar that is missed. */
  readonly why?: string | undefined;
}

/** Columns of the table, in order; `note` stands below it. */
export const figureNames = [
  'answers',
  'partial',
  'wrong',
  'unaffected',
  'dropped',
  'crashes',
  'recovery',
  'added p50',
  'memory',
  'note',
] as const;
export type FigureName = (typeof figureNames)[number];

export const note = (text: string, isMet?: boolean): Figure => ({
  name: 'note',
  text,
  ...(isMet !== undefined && { isMet }),
});

/** A time that must stay below `mostMs`, if given. */
export const time = (name: FigureName, ms: number, mostMs?: number): Figure => ({
  name,
  text: `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`,
  ...(mostMs !== undefined && { isMet: ms <= mostMs, why: `more than ${mostMs} ms` }),
});

/**
 * What came of requests that all had to be answered: none may be wrong, lack what is not affected, or be missing.
 * A scenario in which some may be turned away leaves those out.
 */
export function tally(exchanges: readonly Exchange[]): Figure[] {
  const of = (...kinds: Exchange['outcome']['kind'][]) =>
    exchanges.filter(({ outcome }) => kinds.includes(outcome.kind));
  const [wrong, lost, dropped] = [of('wrong'), of('lost'), of('dropped', 'refused', 'shed')];
  const answers = of('whole').length + of('partial').length + wrong.length + lost.length;
  return [
    { name: 'answers', text: String(answers) },
    { name: 'partial', text: String(of('partial').length) },
    none('wrong', wrong),
    {
      name: 'unaffected',
      text: `${percent(answers - lost.length, answers)} %`,
      isMet: lost.length === 0 && answers > 0,
      why: whyOf(lost[0]),
    },
    none('dropped', dropped),
  ];
}

const none = (name: FigureName, found: readonly Exchange[]): Figure => ({
  name,
  text: String(found.length),
  isMet: found.length === 0,
  why: whyOf(found[0]),
});

const whyOf = (exchange: Exchange | undefined) =>
  exchange && ('why' in exchange.outcome ? exchange.outcome.why : exchange.outcome.kind);

/** Rounded down: nothing but all is 100 %. */
const percent = (part: number, all: number) => Math.floor((part / all) * 1_000) / 10;
