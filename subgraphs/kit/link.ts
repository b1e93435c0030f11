import { and, Column, eq, isNotNull, or, type SQL, sql } from 'drizzle-orm';
import type { AnyPgColumn } from 'drizzle-orm/pg-core';
import type { Link, List } from './list.ts';
import { planFor } from './statement.ts';

/** A relation between two lists, as the gateway names it: a filter field, and the type of the ids in it. */
export interface LinkName {
  link: string;
  to: string;
}

/** The condition that a row holds one of these ids (any id, if none are given); without a link, that its own id is one of them. */
export interface Related extends Partial<LinkName> {
  keys?: readonly string[] | null;
}

/** Returns where the rows of a list hold the ids of this filter field. */
export function linksOf(list: Pick<List, 'filter'>, field: string): readonly Link[] {
  const condition = list.filter[field];
  const links = condition instanceof Column ? [{ target: condition }] : condition?.links;
  if (!links) throw new Error(`No link is defined for the condition ${field}.`);
  return links;
}

/** Returns the condition that a row of the list holds one of these ids. */
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

/** Returns the condition that a link holds an id of this type. */
export const isNamed = ({ target, type, counted }: Link, to: string): SQL | undefined =>
  and(isNotNull(target), type && eq(type, to), counted);

export const isOneOf = (column: AnyPgColumn, keys: readonly string[]): SQL =>
  sql`${column} = any(${planFor(keys)})`;
