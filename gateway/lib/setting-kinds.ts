import { resolve } from 'node:path';
import type { Kind } from './setting.ts';
import { parseDuration, parseSize } from './units.ts';

/** Reads numbers that match a pattern; `what` describes them in the rule. */
const number = (pattern: RegExp, what: string, most = Number.POSITIVE_INFINITY): Kind<number> => ({
  parse: (text) => (pattern.test(text) && Number(text) <= most ? Number(text) : undefined),
  rule: (text) => `must be ${what}, not "${text}"`,
});

export const anyText: Kind<string> = { parse: (text) => text, rule: () => '' };

/** A path. A relative one is resolved from the working directory. */
export const path: Kind<string> = { parse: (text) => resolve(text), rule: () => '' };

export const port = number(/^\d{1,5}$/, 'a whole number from 0 to 65535', 65_535);

export const wholeNumber = number(/^\d{1,6}$/, 'a whole number');

export const positiveNumber = number(/^0*[1-9]\d{0,5}$/, 'a whole number above 0');

/** The cost of queries, which can be a large number. */
export const cost = number(/^\d{1,9}$/, 'a whole number of at most 9 digits');

/** A share, from 0 to 1. */
export const part = number(/^\d(\.\d+)?$/, 'a number from 0 to 1', 1);

/** A duration in milliseconds. */
export const duration: Kind<number> = {
  parse: parseDuration,
  rule: (text) => `must be like 500ms, 10s or 2m, not "${text}"`,
};

/** A duration in milliseconds, above 0. */
export const positiveDuration: Kind<number> = {
  ...duration,
  parse: (text) => parseDuration(text) || undefined,
};

/** A size in bytes. */
export const size: Kind<number> = {
  parse: parseSize,
  rule: (text) => `must be like 512KiB or 32MiB, not "${text}"`,
};

export const onOrOff: Kind<boolean> = {
  parse: (text) => (/^[01]$/.test(text) ? text === '1' : undefined),
  rule: (text) => `must be 1 or 0, not "${text}"`,
};

export const oneOf = <Name extends string>(names: readonly Name[]): Kind<Name> => ({
  parse: (text) => names.find((name) => name === text),
  rule: (text) => `must be one of ${names.join(', ')}, not "${text}"`,
});

/** The address of a database. The rule does not repeat the text, which may hold a password. */
export const postgresAddress: Kind<string> = {
  parse(text) {
    const url = URL.parse(text);
    const isDatabase =
      url && /^postgres(ql)?:$/.test(url.protocol) && url.hostname && url.pathname.length > 1;
    return isDatabase ? text : undefined;
  },
  rule: () => 'must be like postgres://user:password@host:5432/database',
};

export const isHttpAddress = (text: string): boolean => /^https?:$/.test(URL.parse(text)?.protocol ?? '');

/** Splits a text at its commas and drops empty parts. */
export const listOf = (text: string): readonly string[] =>
  text
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
