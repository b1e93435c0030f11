import { isSyntheticId } from '@wenshu/schema/synthetic.ts';
import { type InferSelectModel, type SQL, sql } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import type { GraphQLResolveInfo } from 'graphql';
import type { Context } from './context.ts';
import {
  type ConditionalPolicy,
  type SubjectType,
  type Test,
  testsOn,
  type Verdict,
  verdicts,
} from './criteria.ts';
import type { List } from './list.ts';
import type { ListPage } from './page.ts';
import type { PageArgs } from './page-args.ts';
import { pageBy, type Relation } from './page-by.ts';
import { rowsOf } from './statement.ts';
import type { SharedTables } from './tables.ts';

/** A fact of a register: whether a row has one of some values (a JSON list), and whether the register knows all values of the row. */
export interface RegisterFact {
  readonly hasOneOf: (accepted: SQL) => SQL;
  readonly isComplete: SQL;
}

/** The register of one kind of subject, whose rows are tested on policies. */
export interface Register {
  readonly type: SubjectType;
  readonly id: PgColumn;
  readonly regionCode: PgColumn;
  /** Basis of the region, if it may be only the context of a report. */
  readonly regionBasis?: PgColumn;
  readonly facts: Readonly<Record<string, RegisterFact>>;
  readonly shared: Pick<SharedTables, 'regionClosure'>;
}

/** Arguments that select the candidates of a policy. */
export interface CandidateArgs {
  readonly verdict?: readonly Verdict[] | null;
  readonly includeDrafts?: boolean | null;
}

/** The verdicts on candidates, if the caller does not say which. */
const candidateVerdicts = ['MET', 'LIKELY'] as const satisfies readonly Verdict[];

/** The tests of a policy and the wanted verdicts. */
interface Criteria {
  /** As the key of a batch; `'null'` for a policy that has no candidates. */
  readonly key: string;
  /** True if every candidate lies in the region `within` of the key, so that the index on regions finds it. */
  readonly isLocal: boolean;
}

function criteriaOf(
  { type }: Register,
  policy: ConditionalPolicy | null | undefined,
  { verdict, includeDrafts }: CandidateArgs,
): Criteria {
  const tests = policy && testsOn(type, policy, includeDrafts ?? false);
  if (!tests) return { key: 'null', isLocal: true };
  const ranks = (verdict ?? candidateVerdicts).map((each) => verdicts.indexOf(each));
  const within = tests.flatMap(({ test }) => (test.on === 'region' ? [test.within] : []))[0] ?? null;
  return {
    key: JSON.stringify({ tests: tests.map(({ test }) => forRegister(test)), ranks, within }),
    isLocal: within !== null && ranks.every((rank) => rank > verdicts.indexOf('UNKNOWN')),
  };
}

/** Leaves out what only the words of a reason need. */
const forRegister = (test: Test): object =>
  test.on === 'list' ? { on: test.on, members: test.members, isComplete: test.isComplete } : test;

/** Returns a page of the candidates of a policy. Its edges say the verdict on each. */
export async function candidatePage<Table extends PgTable>(
  context: Context,
  list: List<Table>,
  register: Register,
  policy: { readonly id: string; readonly criteria?: unknown },
  wanted: CandidateArgs,
  args: PageArgs,
  info: GraphQLResolveInfo,
): Promise<ListPage<InferSelectModel<Table>>> {
  const criteria = criteriaOf(register, policy.criteria as ConditionalPolicy | null | undefined, wanted);
  const { key, isLocal } = criteria;
  const page = await pageBy(context, list, candidates(register, policy.id, isLocal), key, args, info);
  const edges = () =>
    page.edges().map((edge) => ({
      ...edge,
      verdict: () => verdictOn(context, register, key, String((edge.node as { id?: unknown }).id)),
    }));
  return { ...page, edges };
}

const candidates = (register: Register, policyId: string, isLocal: boolean): Relation => ({
  name: `candidates of policy ${isLocal ? 'in its region' : 'anywhere'}`,
  isSynthetic: () => isSyntheticId(policyId),
  belongsTo: (key) => hasVerdict(register, key, isLocal),
});

/** Returns the condition that a row has one of the verdicts of a key. */
function hasVerdict(register: Register, key: SQL, isLocal: boolean): SQL {
  const { regionCode, shared } = register;
  const { code, ancestor } = shared.regionClosure;
  const liesThere = sql`${regionCode} in (select ${code} from ${shared.regionClosure} where ${ancestor} = ${key}::jsonb ->> 'within')`;
  const isWanted = sql`${rankOf(register, key)} in (select jsonb_array_elements_text(${key}::jsonb -> 'ranks')::int)`;
  return sql`(${key} <> 'null' ${isLocal ? sql`and ${liesThere}` : sql``} and ${isWanted})`;
}

/** Returns the condition on the verdict under a policy, whose criteria the gateway brings as text. */
export const matchCondition =
  (register: Register, synthetic: PgColumn) =>
  ({ criteria, ...wanted }: CandidateArgs & { readonly criteria?: readonly string[] | null }): SQL => {
    const [text] = criteria ?? [];
    if (text === undefined) return sql`false`;
    const policy = JSON.parse(text) as ConditionalPolicy;
    const { key, isLocal } = criteriaOf(register, policy, wanted);
    return sql`(${synthetic} = ${policy.synthetic} and ${hasVerdict(register, sql`${key}::text`, isLocal)})`;
  };

/** Loads the verdict on a row, by its id, under the policy of a key. */
const verdictOn = (context: Context, register: Register, key: string, id: string): Promise<Verdict | null> =>
  context
    .batch<string, Verdict | null>(`verdicts under ${key}`, async (ids) => {
      const rows = await rowsOf<{ id: string; rank: number }>(
        context.db,
        sql`select ${register.id} as id, ${rankOf(register, sql`${key}::text`)} as rank from ${register.id.table} where ${register.id} = any(${sql.param(ids)}::text[])`,
      );
      const byId = new Map(rows.map((row) => [row.id, verdicts[row.rank]]));
      return ids.map((each) => byId.get(each) ?? null);
    })
    .load(id);

/**
 * Returns the lowest rank (index among `verdicts`) of a row over the tests of a key. It is the SQL of `decide` in
 * `subgraphs/policies/outcomes.ts`, which tests one subject; `tests/hub/matching.test.ts` compares both over all pairs.
 */
const rankOf = (register: Register, key: SQL): SQL => sql`(
  select min(case test ->> 'on'
    when 'region' then ${rankOfRegion(register)}
    when 'list' then ${rank(sql`test -> 'members' ? ${register.id}`, sql`(test ->> 'isComplete')::boolean`)}
    when 'fact' then case test ->> 'fact' ${sql.join(Object.entries(register.facts).map(whenFact), sql` `)} else 1 end
    else 1 end)
  from jsonb_array_elements(${key}::jsonb -> 'tests') as tests(test))`;

const whenFact = ([name, { hasOneOf, isComplete }]: [string, RegisterFact]) =>
  sql`when ${sql.raw(`'${name}'`)} then ${rank(hasOneOf(sql`test -> 'accepted'`), isComplete)}`;

const rank = (holds: SQL, isKnown: SQL) => sql`case when ${holds} then 3 when ${isKnown} then 0 else 1 end`;

function rankOfRegion({ regionCode, regionBasis, shared: { regionClosure } }: Register): SQL {
  const within = sql`test ->> 'within'`;
  const liesIn = (code: SQL, ancestor: SQL) =>
    sql`exists (select 1 from ${regionClosure} where ${regionClosure.code} = ${code} and ${regionClosure.ancestor} = ${ancestor})`;
  const own = sql`${regionCode}`;
  const basis = regionBasis ? sql`${regionBasis}` : sql`'RECORDED'`;
  return sql`case
    when ${within} is null or ${own} is null or ${basis} is null then 1
    when ${liesIn(own, within)} then case when ${basis} = 'CONTEXT' then 2 else 3 end
    when not ${liesIn(own, own)} or not ${liesIn(within, within)} or ${liesIn(within, own)} then 1
    else 0 end`;
}
