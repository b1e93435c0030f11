import postgres from 'postgres';
import { coordinates, fieldsOf, sharingOf } from './graph.ts';
import { isSome, type Reach } from './reach.ts';
import type { Sight } from './sight.ts';
import { tables } from './tables.ts';
import { topicOfRows, topics } from './topics.ts';

/** Types whose rows stay, because rows of every agency refer to them. They are compared in the answer instead. */
const kept = ['Region'];

/** Deletes from a database what a caller may not see, before anything is computed. */
export async function hide(adminUrl: string, sight: Sight): Promise<void> {
  const sql = postgres(adminUrl, { max: 1, onnotice: () => {} });
  try {
    await sql.begin(async (transaction) => {
      await transaction.unsafe("set local session_replication_role = 'replica'");
      const doomed = [...rowsToHide(sight), ...linksToHide(sight)];
      for (const [i, { table, condition }] of doomed.entries()) {
        await transaction.unsafe(
          `create temporary table doomed_${i} on commit drop as select t.ctid as place from ${table} t where ${condition}`,
        );
      }
      for (const [i, { table }] of doomed.entries()) {
        await transaction.unsafe(`delete from ${table} where ctid in (select place from doomed_${i})`);
      }
      for (const statement of [...columnsToHide(sight), ...namesToHide(sight)])
        await transaction.unsafe(statement);
      await deleteOrphans(transaction);
    });
  } finally {
    await sql.end();
  }
}

type Doomed = { readonly table: string; readonly condition: string };

function rowsToHide(sight: Sight): Doomed[] {
  return Object.entries(tables).flatMap(([typeName, { names }]) => {
    if (kept.includes(typeName)) return [];
    const rows = isUnseen(typeName, sight) ? 'none' : sight.rowsOf(typeName);
    return names.flatMap((table): Doomed[] => {
      if (rows === 'none') return [{ table, condition: 'true' }];
      return isSome(rows) ? [{ table, condition: `not (${rows.sql})` }] : [];
    });
  });
}

/** True if the caller sees nothing of a type's records. */
function isUnseen(typeName: string, sight: Sight): boolean {
  const topic = topicOfRows[typeName];
  return (
    topic !== undefined && isHidden(topics.get(topic) ?? [], sight) && isHidden(fieldsIn(typeName), sight)
  );
}

const fieldsIn = (typeName: string) => fieldsOf(typeName).map(({ name }) => `${typeName}.${name}`);

const isHidden = (all: readonly string[], { reachOf }: Sight) =>
  all.every((coordinate) => reachOf(coordinate) === 'none');

/** Returns what is hidden of tenancies and of Party organisations' coverage. */
function linksToHide(sight: Sight): Doomed[] {
  const units = isHidden(topics.get('party') ?? [], sight)
    ? ['coverages', 'coverage_statements', 'meeting_rules', 'party_unit_subjects'].map((name) => ({
        table: `party.${name}`,
        condition: 'true',
      }))
    : [];
  const condition = hiddenTenancies(sight);
  return condition === undefined || sight.isTestedByPark
    ? units
    : [...units, { table: tenancies, condition }];
}

const tenancies = 'enterprises.enterprise_parks';

/**
 * Renames the parks of hidden tenancies, with the same length. The gateway reads the park of a row to test whether an
 * agreement for one park opens it, so a tenancy that is missing would show in the bytes between gateway and agency.
 */
function namesToHide(sight: Sight): string[] {
  const condition = sight.isTestedByPark ? hiddenTenancies(sight) : undefined;
  return condition === undefined
    ? []
    : [`update ${tenancies} t set park_id = '~' || substr(park_id, 2) where ${condition}`];
}

/** Returns the condition of the tenancies that neither the enterprise nor the park shows; undefined if none is hidden. */
function hiddenTenancies({ reachOf }: Sight): string | undefined {
  const all = topics.get('tenants') ?? [];
  const uses = all.filter((coordinate) =>
    /^(Enterprise|Park)(Filter|Order|GroupBy|Dimension)/.test(coordinate),
  );
  const shown = ['Enterprise.park', 'Enterprise.parks', 'EnterprisePark.park', 'Park.enterprises'].map(
    reachOf,
  );
  const isTold = [...shown, ...uses.map(reachOf)].some((reach) => reach === 'all' || reach === 'unknown');
  if (isTold) return undefined;
  const ends = [
    holds('enterprises.enterprises', 'enterprise_id', reachOf('Enterprise.park')),
    holds('enterprises.enterprises', 'enterprise_id', reachOf('Enterprise.parks')),
    holds('parks.parks', 'park_id', reachOf('Park.enterprises')),
  ];
  return `not (${ends.join(' or ')})`;
}

const holds = (table: string, column: string, reach: Reach) =>
  isSome(reach)
    ? `exists (select 1 from ${table} h where h.id = t.${column} and ${reach.sql.replaceAll(/\bt\./g, 'h.')})`
    : 'false';

/** Returns the columns that the caller sees for no row. */
function columnsToHide(sight: Sight): string[] {
  const { reachOf } = sight;
  const columns: readonly (readonly [fields: readonly string[], statement: string])[] = [
    [['Penalty.documentNo'], 'update enterprises.findings set penalty_document_no = null'],
    [
      ['StarListEntry.vetoedBy', 'StarListEntry.vetoReasonZh'],
      // The missing rank discloses a veto, but not by whom and why.
      "update policies.star_list_entries set vetoed_by_id = 'another', veto_reason_zh = '另有原因' where vetoed_by_id is not null",
    ],
    [
      telling(/isAboveScale|IS_ABOVE_SCALE|olicyMatch|candidate/),
      'update enterprises.enterprises set is_above_scale = null',
    ],
    [telling(/cultivat|CULTIVAT/), 'update party.party_brands set cultivated_by_id = null'],
    // Honours of a Party organisation are public, so that its row stays for whoever may see nothing else of it.
    [
      fieldsIn('PartyUnit').filter((field) => field !== 'PartyUnit.honours'),
      `update party.party_units set name_zh = '另一组织', name_en = 'Another', aliases = '{}', kind = 'BRANCH',
        region_code = null, parent_id = null, host_id = null, coverage_mode = null, secretary_model_zh = null`,
    ],
    [telling(/propos|PROPOSED/), 'update party.party_mechanisms set proposed_by_id = null'],
  ];
  return columns.flatMap(([fields, statement]) =>
    fields.every((each) => reachOf(each) === 'none') ? [statement] : [],
  );
}

const telling = (named: RegExp) =>
  coordinates.filter((coordinate) => named.test(coordinate) && sharingOf(coordinate));

/** Deletes rows that belong to deleted rows, as Postgres would. */
async function deleteOrphans(sql: postgres.TransactionSql): Promise<void> {
  const keys = await sql<{ child: string; parent: string; columns: string[]; keys: string[] }[]>`
    select conrelid::regclass::text as child, confrelid::regclass::text as parent,
      (select array_agg(attname::text order by attnum) from pg_attribute where attrelid = conrelid and attnum = any(conkey)) as columns,
      (select array_agg(attname::text order by attnum) from pg_attribute where attrelid = confrelid and attnum = any(confkey)) as keys
    from pg_constraint where contype = 'f' and confdeltype = 'c' and cardinality(conkey) = 1`;
  for (let round = 0; round < 3; round++) {
    for (const { child, parent, columns, keys: names } of keys) {
      await sql.unsafe(`delete from ${child} where ${columns[0]} not in (select ${names[0]} from ${parent})`);
    }
  }
  await sql.unsafe(
    'delete from enterprises.findings where inspection_id not in (select id from enterprises.inspections)',
  );
  await sql.unsafe(
    'delete from enterprises.finding_steps where object_id not in (select id from enterprises.findings)',
  );
}

/** Returns the fields that a caller sees for some rows only, each with its type. */
export const partlyShown = (
  sight: Sight,
): readonly { readonly coordinate: string; readonly typeName: string; readonly sql: string }[] =>
  Object.keys(tables).flatMap((typeName) =>
    fieldsOf(typeName).flatMap(({ name }) => {
      const coordinate = `${typeName}.${name}`;
      const reach = sight.reachOf(coordinate);
      return isSome(reach) ? [{ coordinate, typeName, sql: reach.sql }] : [];
    }),
  );
