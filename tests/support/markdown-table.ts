/** Writes a table of Markdown as the formatter would write it. The first row is the head. */
export function tableOf(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_, i) => Math.max(...rows.map((row) => widthOf(row[i] ?? '')))) ?? [];
  const padded = (cell: string, i: number) => cell + ' '.repeat((widths[i] ?? 0) - widthOf(cell));
  const [first = '', ...others] = rows.map((row) => `| ${row.map(padded).join(' | ')} |`);
  const line = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [first, line, ...others].join('\n');
}

/** Chinese characters and their punctuation take two columns. */
const wide = /[\u2e80-\u303e\u3041-\ua4cf\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/u;

const widthOf = (text: string) => [...text].reduce((width, char) => width + (wide.test(char) ? 2 : 1), 0);
