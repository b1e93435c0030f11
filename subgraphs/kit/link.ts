import { and, Column, eq, isNotNull, or, type SQL, sql } from 'drizzle-orm';
import type { AnyPgColumn } from 'drizzle-orm/pg-core';
import type { Link, List } from './list.ts';
import { planFor } from './statement.ts';

/** A relation between the rows of two lists, as the gateway names it: a field of a filter, and the type it names. */
export interface LinkName {
  link: string;
  to: string;
}

/** That a row names one of these ids (any id, where none are given), or, without a link, that it is one of them. */
export interface Related extends Partial<LinkName> {
  keys?: readonly string[] | null;
}

/** Where the rows of a list name others by this field of its filter. */
export function linksOf(list: Pick<List, 'filter'>, field: string): readonly Link[] {
  const condition = list.filter[field];
  const links = condition instanceof Column ? [{ target: condition }] : condition?.links;
  if (!links) throw new Error(`No link is defined for the condition ${field}.`);
  return links;
}

/** The rows of the list that name one of these. */
export function namesOneOf(list: Pick<List, 'filter' | 'id'>, { link, to, keys }: Related): SQL {
  if (!link || !to) return isOneOf(list.id, keys ?? []);
  const ways = linksOf(list, link).map((each) => {
    const named = and(isNamed(each, to), keys ? isOneOf(each.target, keys) : undefined) ?? sql`true`;
    return each.owner
      ? sql`${list.id} in (select ${each.owner} from ${each.owner.table} where ${named})`
      : named;
  });
  return or(...ways) ?? sql`false`;
}

/** That a link names something, and of this type. */
export const isNamed = ({ target, type, counted }: Link, to: string): SQL | undefined =>
  and(isNotNull(target), type && eq(type, to), counted);

export const isOneOf = (column: AnyPgColumn, keys: readonly string[]): SQL =>
  sql`${column} = any(${planFor(keys)})`;
