import type { Department } from '@wenshu/schema/caller.ts';
import { isObject, type Json } from '../lib/json.ts';
import { ArgumentFailure } from '../request/argument-failure.ts';
import type { Denial } from '../request/denial.ts';
import { type Absence, type Gap, placeGaps } from './gaps.ts';
import { type MergedData, readPath } from './merged-data.ts';
import type { Run } from './run.ts';

/** State of writing one answer. */
export type State = {
  readonly mergedData: MergedData;
  readonly rows: Run['rows'];
  readonly disclosed: Run['disclosed'];
  readonly gaps: Gap[];
  /** Text of values that can occur at many places, by writer and value. */
  readonly written: Map<Write, Map<unknown, string>>;
};

/** Writes one value that is not null. Returns undefined when its place becomes null for a known reason. */
export type Write = (value: unknown, state: State) => string | undefined;

/** How a field of an object is written. */
export type Field = {
  /** Name in the data. */
  readonly source: string;
  /** Name in the answer. */
  readonly key: string;
  /** `{"key":` for the first field, `,"key":` for the others. */
  readonly head: string;
  readonly write: Write;
  /** Value of `__typename`; undefined for other fields. */
  readonly constant: string | undefined;
  /** Message part of `Cannot return null for non-nullable field Park.name.`; undefined for a nullable field. */
  readonly nonNull: string | undefined;
  /** Reason why the caller does not get the value; each place gets an error with it. */
  readonly absence?: Absence | undefined;
  /** Check for a hidden row, which makes the field null. */
  readonly hiddenRow: HiddenRow | undefined;
  /** Owner of a field that is not public, when disclosure is recorded. */
  readonly disclosedOwner: Department | undefined;
};

/** Returns why the caller may not see a row; undefined when it may. */
export type HiddenRow = (value: unknown, state: State) => Denial | undefined;

/** Writes each value once in a request. A value with gaps is written again, because each place needs its own errors. */
export function once(write: Write): Write {
  return (value, state) => {
    let texts = state.written.get(write);
    if (!texts) {
      texts = new Map();
      state.written.set(write, texts);
    }
    const one = isObject(value) ? state.mergedData.representative(value) : value;
    const known = texts.get(one);
    if (known !== undefined) return known;
    const gapsBefore = state.gaps.length;
    const text = write(one, state);
    if (text !== undefined && state.gaps.length === gapsBefore) texts.set(one, text);
    return text;
  };
}

/** Writes the fields of an object; undefined when a null breaks a non-null field. */
export function writeObject(fields: readonly Field[], from: Json, state: State): string | undefined {
  const { gaps, mergedData } = state;
  let text = '';
  for (const { source, key, head, write, constant, nonNull, absence, hiddenRow } of fields) {
    let part = constant;
    if (part === undefined) {
      const value = mergedData.read(from, source);
      const gapsBefore = gaps.length;
      const rowDenial = hiddenRow?.(value, state);
      if (absence && !isExempt(absence, from, mergedData)) {
        part = writeAbsent(absence, value, state) ?? (nonNull === undefined ? 'null' : undefined);
      } else if (rowDenial) {
        part = nonNull === undefined ? writeHiddenRow(state) : writeGap(rowDenial, nonNull, state);
      } else if (value === null || value === undefined) part = writeNull(nonNull, state);
      else part = write(value, state) ?? (nonNull === undefined ? 'null' : undefined);
      if (gaps.length > gapsBefore) placeGaps(gaps, gapsBefore, key);
      if (part === undefined) return undefined;
    }
    text += head + part;
  }
  return text === '' ? '{}' : `${text}}`;
}

/**
 * Writes a list without hidden rows. A list that may be null is null when nothing is left of it: a subgraph answers null where it has no
 * item, so that a hidden row looks like one that does not exist.
 */
export const writeList =
  (write: Write, nonNull: string | undefined, hiddenRow: HiddenRow | undefined, mayBeNull: boolean): Write =>
  (value, state) => {
    if (!Array.isArray(value)) return mismatch(state, 'a list');
    const { gaps } = state;
    let text = '[';
    let hidesRows = false;
    for (let index = 0; index < value.length; index++) {
      const item = value[index];
      if (hiddenRow?.(item, state)) {
        gaps.push({ reason: undefined, reversedPath: [index] });
        hidesRows = true;
        continue;
      }
      const gapsBefore = gaps.length;
      const part =
        item === null || item === undefined
          ? writeNull(nonNull, state)
          : (write(item, state) ?? (nonNull === undefined ? 'null' : undefined));
      if (gaps.length > gapsBefore) placeGaps(gaps, gapsBefore, index);
      if (part === undefined) return undefined;
      text += text === '[' ? part : `,${part}`;
    }
    return hidesRows && mayBeNull && text === '[' ? undefined : `${text}]`;
  };

/** Whether a row is exempt from a denial. No row is exempt from a failure. */
export const isExempt = (absence: Absence, row: Json, mergedData: MergedData): boolean =>
  !(absence instanceof ArgumentFailure) &&
  (absence.exempt?.includes((path) => readPath(path, row, mergedData)) ?? false);

/** Writes the owner's mask of a value; undefined for null. */
function writeAbsent(absence: Absence, value: unknown, { gaps }: State): string | undefined {
  gaps.push({ reason: absence, reversedPath: [] });
  if (absence instanceof ArgumentFailure || !absence.mask || value == null) return undefined;
  return writeJson(absence.mask(value));
}

function writeHiddenRow({ gaps }: State): string {
  gaps.push({ reason: undefined, reversedPath: [] });
  return 'null';
}

/** Writes null with an error; undefined when the null breaks a non-null type. */
function writeGap(reason: Gap['reason'], nonNull: string | undefined, { gaps }: State): string | undefined {
  gaps.push({ reason, reversedPath: [] });
  return nonNull === undefined ? 'null' : undefined;
}

/** Writes null; undefined when it breaks a non-null type, so that the parent becomes null. */
function writeNull(nonNull: string | undefined, state: State): string | undefined {
  if (nonNull === undefined) return 'null';
  const reason = {
    message: `Cannot return null for non-nullable field ${nonNull}.`,
    messageZh: `字段 ${nonNull} 不可为空,却没有值。`,
  };
  return writeGap(reason, nonNull, state);
}

/** Notes that a subgraph's answer does not fit the schema. */
export function mismatch({ gaps }: State, expected: string): undefined {
  const reason = {
    message: `Expected ${expected}, but a subgraph answered with something else.`,
    messageZh: `应为 ${expected},但子图给出的并非如此。`,
  };
  gaps.push({ reason, reversedPath: [] });
}

/** Writes a value of a scalar type. */
export const writeJson = (value: unknown): string => JSON.stringify(value);
