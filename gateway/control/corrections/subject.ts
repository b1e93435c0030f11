import type { Context } from '@wenshu/kit/context.ts';
import type { Problems } from '@wenshu/kit/workflow/free-text.ts';
import type { Department } from '@wenshu/schema/caller.ts';
import type { AskAgencies } from '../across/ask-agencies.ts';
import type { Catalogue } from '../catalogue.ts';

/** A record as the caller sees it. */
export type SubjectRecord = {
  readonly version: number;
  readonly regionCode: string | null;
  /** The enterprise that the record is about; null if it is about none. */
  readonly enterpriseId: string | null;
};

type Answer = {
  readonly node: {
    readonly __typename: string;
    readonly version?: number;
    readonly region?: { readonly code: string } | null;
    readonly enterprise?: { readonly id: string } | null;
  } | null;
};

/** What is named by a coordinate: its type, and the department that owns it. */
export type Named = { readonly typeName: string; readonly owner: Department };

/** Returns what a coordinate of the catalogue names; adds a problem if it names no field. */
export function namedBy(catalogue: Catalogue, problems: Problems, coordinate: string): Named | undefined {
  const item = catalogue.itemOf(coordinate);
  if (item?.kind === 'FIELD') return item;
  problems.add(
    'coordinate',
    'UNKNOWN',
    `“${coordinate}”不是数据目录中的字段。`,
    `"${coordinate}" is no field of the data catalogue.`,
  );
  return undefined;
}

/**
 * Asks the graph for a record as the caller sees it; undefined if there is no such record of the type for the caller. Throws the
 * error of an agency that does not answer.
 */
export async function findRecord(
  ask: AskAgencies,
  context: Context,
  catalogue: Catalogue,
  { typeName, id }: { readonly typeName: string; readonly id: string },
): Promise<SubjectRecord | undefined> {
  const has = (field: string) => catalogue.itemOf(`${typeName}.${field}`) !== undefined;
  if (!has('version')) return undefined;
  const query = `query SubjectOfCorrection($id: ID!) {
    node(id: $id) {
      __typename
      ... on ${typeName} { version ${has('region') ? 'region { code }' : ''} ${has('enterprise') ? 'enterprise { id }' : ''} }
    }
  }`;
  const { data, gaps } = await ask(context, query, { id });
  if (gaps[0]) throw gaps[0];
  const { node } = data as Answer;
  if (node?.__typename !== typeName || node.version === undefined) return undefined;
  return {
    version: node.version,
    regionCode: node.region?.code ?? null,
    enterpriseId: typeName === 'Enterprise' ? id : (node.enterprise?.id ?? null),
  };
}
