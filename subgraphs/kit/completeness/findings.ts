type Level = 'COMPLETE' | 'PARTIAL' | 'NONE';

/** What a comparison with published figures shows; the level is null if it shows nothing, and the reason says why. */
export interface Finding {
  readonly level: Level | null;
  readonly reason: string;
  readonly reasonZh: string;
}

/** A number of records beside a published figure. */
export interface Compared {
  readonly held: number;
  /** True if the figure counts all that was asked for, false if it counts a part. */
  readonly isOfAll: boolean;
  readonly figure: {
    readonly value: string;
    readonly approx: string;
    readonly valueAsPrinted: string;
    readonly subjectZh: string;
    readonly metricZh: string;
    readonly periodZh: string | null;
    readonly periodLabel: string | null;
  };
}

const unknown = (reason: string, reasonZh: string): Finding => ({ level: null, reason, reasonZh });

export const findingOf = {
  synthetic: unknown(
    'Synthetic records are made up, so no source says how many there should be.',
    '合成数据并非真实记录,没有来源说明应有多少条。',
  ),
  /** Compares records with figures, the largest gap first. `held` is the number of all records that were asked for. */
  figures(compared: readonly Compared[], held: number): Finding {
    const [first] = compared;
    if (!first) return noFigure;
    const lacking = compared.find((each) => each.held < boundsOf(each).least);
    const full = compared.find((each) => each.isOfAll && each.held >= boundsOf(each).most);
    if (lacking && full) return contradicting;
    if (full) return { level: 'COMPLETE', ...inWords(full) };
    if (!lacking) return undecided;
    return { level: held === 0 ? 'NONE' : 'PARTIAL', ...inWords(lacking) };
  },
};

const noFigure = unknown(
  'No published figure says how many records there should be for exactly what was asked.',
  '没有公布的数字说明所问的范围应有多少条记录。',
);

const undecided = unknown(
  'The published figures are approximate or count only a part of what was asked, so they do not show whether records are missing.',
  '已公布的数字为约数,或只计所问范围的一部分,无法据以判断记录是否齐全。',
);

const contradicting = unknown(
  'The published figures contradict each other: by one of them records are missing, by another none is.',
  '已公布的数字互相矛盾:按其一缺少记录,按另一则不缺。',
);

/** The smallest and the largest number that a figure can stand for. */
function boundsOf({ figure: { value, approx } }: Compared): { least: number; most: number } {
  const number = Number(value);
  if (approx === 'EXACT') return { least: number, most: number };
  if (approx === 'OVER') return { least: number + 1, most: Number.POSITIVE_INFINITY };
  // "Nearly" and "about" say only that there are some.
  return { least: 1, most: approx === 'NEARLY' ? number : Number.POSITIVE_INFINITY };
}

const preciselyEn: Readonly<Record<string, string>> = {
  OVER: 'more than ',
  NEARLY: 'nearly ',
  ABOUT: 'about ',
};

function inWords({ held, isOfAll, figure }: Compared): Pick<Finding, 'reason' | 'reasonZh'> {
  const { value, approx, valueAsPrinted, subjectZh, metricZh, periodZh, periodLabel } = figure;
  const number = `${preciselyEn[approx] ?? ''}${value}`;
  const when = periodLabel ? ` (${periodLabel})` : '';
  const whenZh = periodZh ? `(${periodZh})` : '';
  const [recorded, recordedZh] = isOfAll
    ? [`On record: ${held}.`, `记有${held}条。`]
    : [
        `On record, of what was asked: ${held} that may be among them.`,
        `所问范围内可能属于其中的,记有${held}条。`,
      ];
  return {
    reason: `Published: ${number} “${metricZh}” of “${subjectZh}”${when}. ${recorded}`,
    reasonZh: `“${subjectZh}”的“${metricZh}”,公布为${valueAsPrinted}${whenZh}。${recordedZh}`,
  };
}
