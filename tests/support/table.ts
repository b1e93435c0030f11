export interface Table {
  readonly title: string;
  readonly head: readonly string[];
  /** The first cell is a name, the others are figures; a row of two is a name and a remark. */
  readonly rows: readonly (readonly string[])[];
}

/** Formats a table in columns for the terminal. */
export function asText({ title, head, rows }: Table): string {
  const figures = rows.filter((row) => row.length === head.length);
  const widths = head.map((name, i) => Math.max(name.length, ...figures.map((row) => row[i]?.length ?? 0)));
  widths[0] = Math.max(...rows.map(([name = '']) => name.length));
  const line = (row: readonly string[]) =>
    row.length === head.length
      ? row.map((cell, i) => (i ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[0] ?? 0))).join('  ')
      : `${(row[0] ?? '').padEnd(widths[0] ?? 0)}  ${row[1]}`;
  return [title, '', line(head), ...rows.map(line)].join('\n');
}

export function asMarkdown({ title, head, rows }: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const padded = rows.map((row) => head.map((_, i) => (row[i] ?? '').replaceAll('|', '\\|')));
  return [
    `**${title}**`,
    '',
    line(head),
    line(head.map((_, i) => (i ? '---:' : '---'))),
    ...padded.map(line),
  ].join('\n');
}
