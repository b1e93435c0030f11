import { type KindOfCode, type KnownCodes, unknownCode } from '@wenshu/schema/unknown-code.ts';
import type { AnyPgColumn } from 'drizzle-orm/pg-core';
import { columnCondition, groupable } from './filter.ts';
import type { Condition } from './list.ts';

type Input = { readonly eq?: string | null; readonly in?: readonly string[] | null };

/** Operators of a column of codes that are all known. Refuses another code, because an empty list would hide the mistake. */
export const knownCode = (column: AnyPgColumn, kind: KindOfCode, known: KnownCodes): Condition =>
  groupable(
    (input: Input, path) => {
      const codes = [
        ...(input.eq == null ? [] : [[`${path}.eq`, input.eq] as const]),
        ...(input.in ?? []).map((code, i) => [`${path}.in.${i}`, code] as const),
      ];
      for (const [at, code] of codes) if (!known.has(code)) throw unknownCode(at, kind, code, known);
      return columnCondition(column, input, path);
    },
    { values: column },
  );
