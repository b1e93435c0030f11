import { describe } from './callers.ts';
import type { Found, Outcome } from './run.ts';

/** Describes how a difference was found, to be pasted into an issue. */
export const tell = ({ kind, detail, asker, question, seed }: Found): string =>
  [
    `${kind}: ${detail}`,
    `replay ${seed}`,
    question.query,
    JSON.stringify(question.variables),
    describe(asker),
  ].join('\n');

const shown = 3;

/** Reports the number of questions and of differing answers, by kind, with the first ones of each. */
export function reportOf({ asked, exports, expected, empty, differences }: Outcome, ms: number): string {
  const byKind = [...Map.groupBy(differences, ({ kind }) => kind)].sort(
    ([, one], [, other]) => other.length - one.length,
  );
  const counts = byKind.map(([kind, all]) => `  ${String(all.length).padStart(6)}  ${kind}`);
  const examples = byKind.flatMap(([kind, all]) => [
    `\n== ${kind}`,
    ...all.slice(0, shown).map((each) => `\n${tell(each)}`),
  ]);
  return [
    `${asked} questions, ${exports} of them exports, in ${(ms / 1_000).toFixed(0)} s: ${expected} answers held against the oracle, ${empty} with nothing to see.`,
    `${differences.length} differences${differences.length > 0 ? ':' : '.'}`,
    ...counts,
    ...examples,
  ].join('\n');
}
