import type { Department } from '@wenshu/schema/caller.ts';
import { isObject, type Json } from '../lib/json.ts';
import type { Denial, RowDenial } from '../request/authorization.ts';
import { type Gap, placeGaps } from './gaps.ts';
import { type MergedData, readPath } from './merged-data.ts';
import type { Run } from './run.ts';

/** What is written of one answer so far. */
export type State = {
  readonly mergedData: MergedData;
  readonly rows: Run['rows'];
  readonly disclosed: Run['disclosed'];
  readonly gaps: Gap[];
  /** The text of values that can stand in many places, by the writer and the value. */
  readonly written: Map<Write, Map<unknown, string>>;
};

/** Writes one value that is not null. Undefined: there is none, and its place is null for a reason that is known. */
export type Write = (value: unknown, state: State) => string | undefined;

/** How a field of an object is written. */
export type Field = {
  /** Its name in the data. */
  readonly source: string;
  /** Its name in the answer. */
  readonly key: string;
  /** `{"key":` of the first field, `,"key":` of the others. */
  readonly head: string;
  readonly write: Write;
  /** What `__typename` says. */
  readonly constant: string | undefined;
  /** For `Cannot return null for non-nullable field Park.name.` */
  readonly nonNull: string | undefined;
  /** Why the caller does not see it as it is, which each place is told. */
  readonly denial?: Denial | undefined;
  /** Why it is null where it holds a row that is left out. */
  readonly hiddenRow: HiddenRow | undefined;
  /** The owner of a field that is not for everybody, where that is of interest. */
  readonly ownerTelling: Department | undefined;
};

/** Why a value is no row that the caller may see; undefined where it is one. */
export type HiddenRow = (value: unknown, state: State) => RowDenial | undefined;

/** Writes each value once in a request; a value with gaps is written anew, because each place needs its own errors. */
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

/** Writes the fields of an object; undefined where a null breaks a non-null field of it. */
export function writeObject(fields: readonly Field[], from: Json, state: State): string | undefined {
  const { gaps, mergedData } = state;
  let text = '';
  for (const { source, key, head, write, constant, nonNull, denial, hiddenRow } of fields) {
    let part = constant;
    if (part === undefined) {
      const value = mergedData.read(from, source);
      const gapsBefore = gaps.length;
      const rowDenial = hiddenRow?.(value, state);
      if (denial && !isExempt(denial, from, mergedData)) {
        part = writeDenied(denial, value, state) ?? (nonNull === undefined ? 'null' : undefined);
      } else if (rowDenial) {
        part = nonNull === undefined ? writeHiddenRow(state) : writeDenied(rowDenial, null, state);
      } else if (value === null || value === undefined) part = writeNull(nonNull, state);
      else part = write(value, state) ?? (nonNull === undefined ? 'null' : undefined);
      if (gaps.length > gapsBefore) placeGaps(gaps, gapsBefore, key);
      if (part === undefined) return undefined;
    }
    text += head + part;
  }
  return text === '' ? '{}' : `${text}}`;
}

/** Writes a list, without the rows that the caller may not see. */
export const writeList =
  (write: Write, nonNull: string | undefined, hiddenRow: HiddenRow | undefined): Write =>
  (value, state) => {
    if (!Array.isArray(value)) return mismatch(state, 'a list');
    const { gaps } = state;
    let text = '[';
    for (let index = 0; index < value.length; index++) {
      const item = value[index];
      if (hiddenRow?.(item, state)) {
        gaps.push({ message: '', isHiddenRow: true, reversedPath: [index] });
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
    return `${text}]`;
  };

/** Whether a row is one of those that a denial does not hold for. */
export const isExempt = ({ exempt }: Denial, row: Json, mergedData: MergedData): boolean =>
  exempt?.includes((path) => readPath(path, row, mergedData)) ?? false;

/** What the owner gives in place of a value; undefined for null. */
function writeDenied(denial: Denial, value: unknown, { gaps }: State): string | undefined {
  gaps.push({ message: denial.message, denial, reversedPath: [] });
  return denial.mask && value != null ? writeJson(denial.mask(value)) : undefined;
}

function writeHiddenRow({ gaps }: State): string {
  gaps.push({ message: '', isHiddenRow: true, reversedPath: [] });
  return 'null';
}

/** Undefined where a null breaks a non-null type: then the parent becomes null. */
function writeNull(nonNull: string | undefined, { gaps }: State): string | undefined {
  if (nonNull === undefined) return 'null';
  gaps.push({ message: `Cannot return null for non-nullable field ${nonNull}.`, reversedPath: [] });
  return undefined;
}

/** Notes that a subgraph answered with something else than the schema says. */
export function mismatch({ gaps }: State, expected: string): undefined {
  gaps.push({
    message: `Expected ${expected}, but a subgraph answered with something else.`,
    reversedPath: [],
  });
}

/** All but the characters that JSON writes as they are: quotes, backslashes, control characters, surrogates. */
const special = /[^ !#-[\]-\ud7ff\ue000-\uffff]/;

/** Writes a value of a scalar type. */
export function writeJson(value: unknown): string {
  if (typeof value === 'string') return special.test(value) ? JSON.stringify(value) : `"${value}"`;
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : 'null';
  return JSON.stringify(value);
}
