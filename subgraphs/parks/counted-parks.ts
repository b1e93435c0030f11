import type { Context } from '@wenshu/kit/context.ts';
import { groupable } from '@wenshu/kit/filter.ts';
import type { ParkKind } from '@wenshu/kit/schema-types.ts';
import { rowsOf } from '@wenshu/kit/statement.ts';
import { type SQL, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import { parks } from './tables.ts';

/** Parks that lie in one region itself and are alike. */
interface AlikeParks {
  readonly code: string;
  readonly level: string | null;
  readonly kind: string;
  readonly ids: readonly string[];
}

/** Whether a park of a kind is a single place: no area with parks in it, no park without premises, no group of places or class of parks. */
const isOnePlace: Readonly<Record<ParkKind, boolean>> = {
  DEMO_ZONE: false,
  CULTURE_PARK: true,
  AV_BASE: true,
  INDUSTRIAL_PARK: true,
  VIRTUAL_PARK: false,
  MAKER_SPACE: true,
  INNOVATION_CENTRE: true,
  ART_DISTRICT: true,
  SCENIC_AREA: true,
  MUSEUM: true,
  VENUE: true,
  VENUE_NETWORK: false,
  CONSUMPTION_STREET: true,
  PARK_CLASS: false,
};
const kindsOfPlaces = Object.entries(isOnePlace).flatMap(([kind, isOne]) => (isOne ? [kind] : []));

/** Filter for parks that are single places. */
export const onePlace = { kind: { in: kindsOfPlaces }, isVirtual: { eq: false } } as const;

/** Returns the condition for parks that count as one: a whole does not count beside its parts. */
function countsAsOne(): SQL {
  const part = alias(parks, 'part');
  return sql`(${parks.kind} = any(${sql.param(kindsOfPlaces)}) and not ${parks.isVirtual}
    and not exists (select from ${parks} as part where ${part.parentId} = ${parks.id}))`;
}

/** Condition of lists for the parks that count. */
export const countsAsOneCondition = groupable(
  (isAsked: boolean) => (isAsked ? countsAsOne() : sql`not ${countsAsOne()}`),
  { values: countsAsOne() },
);

/**
 * Returns the parks that count for the Party coverage of all regions, read once for each state of the register. The party subgraph reads
 * them.
 */
export const countedParks = (context: Context) =>
  context
    .batch('counted parks', async (keys: readonly 'all'[]) => {
      const counted = await context.kept.get(context, 'counted parks', () => readCounted(context));
      return keys.map(() => counted);
    })
    .load('all');

async function readCounted({ db }: Context) {
  const rows = await rowsOf<AlikeParks & { synthetic: boolean }>(
    db,
    sql`select ${parks.regionCode} as code, ${parks.level} as level, ${parks.kind} as kind, ${parks.synthetic} as synthetic,
            array_agg(${parks.id} order by ${parks.id}) as ids
          from ${parks} where ${parks.regionCode} is not null and ${countsAsOne()}
          group by 1, 2, 3, 4 order by 1, 2, 3`,
  );
  const of = (kind: boolean) =>
    rows.flatMap(({ synthetic, ...alike }) => (synthetic === kind ? [alike] : []));
  return { real: of(false), synthetic: of(true) };
}
