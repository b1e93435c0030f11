const msOf: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };
const bytesOf: Readonly<Record<string, number>> = { KiB: 1_024, MiB: 1_024 ** 2, GiB: 1_024 ** 3 };

/** Parses `500ms`, `10s`, `2m` or `8h` into milliseconds; undefined for any other text. */
export const parseDuration = (text: string) => parse(text, msOf);

/** Parses `512KiB`, `32MiB` or `1GiB` into bytes; undefined for any other text. */
export const parseSize = (text: string) => parse(text, bytesOf);

function parse(text: string, units: Readonly<Record<string, number>>): number | undefined {
  const [, number, name] = /^(\d{1,6})([A-Za-z]+)$/.exec(text) ?? [];
  const unit = name === undefined ? undefined : units[name];
  return unit === undefined ? undefined : Number(number) * unit;
}
