import { asText } from '../support/table.ts';
import { type Figure, figureNames } from './scenario.ts';

export interface Outcome {
  readonly name: string;
  readonly figures: readonly Figure[];
}

const isMissed = ({ isMet }: Figure) => isMet === false;

export const isPassed = ({ figures }: Outcome) => !figures.some(isMissed);

/** One scenario, as soon as it is over. */
export function describeOutcome(outcome: Outcome): string {
  const figures = outcome.figures.map((figure) => {
    const name = figure.name === 'note' ? '' : `${figure.name} `;
    return `${isMissed(figure) ? '✗ ' : ''}${name}${figure.text}${isMissed(figure) && figure.why ? ` (${figure.why})` : ''}`;
  });
  return `${isPassed(outcome) ? '✓' : '✗'} ${outcome.name}: ${figures.join(', ')}`;
}

export function table(outcomes: readonly Outcome[]): string {
  const columns = figureNames.filter((name) => name !== 'note');
  return asText({
    title: 'Faults, and what callers saw of them (✗: a bar is missed)',
    head: ['', ...columns, 'bars'],
    rows: outcomes.map((outcome) => [
      outcome.name,
      ...columns.map((name) => cellOf(outcome.figures.find((figure) => figure.name === name))),
      isPassed(outcome) ? 'met' : '✗',
    ]),
  });
}

const cellOf = (figure: Figure | undefined) =>
  figure ? `${isMissed(figure) ? '✗ ' : ''}${figure.text}` : '-';
