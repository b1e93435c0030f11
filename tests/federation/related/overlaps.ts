/** Which figures may not be added, written by hand as SQL: a part and its whole, and a bundle beside what it may contain. */
type Overlap = {
  readonly from: string;
  /** Selects the parts of wholes, one step each. */
  readonly parts: string;
  /** Whether the row under this alias stands for several rows that are not told apart. */
  readonly isBundle: (a: string) => string;
};

const overlaps: Readonly<Record<string, Overlap>> = {
  parks: {
    from: 'parks.parks',
    parts: 'select id, parent_id from parks.parks where parent_id is not null',
    isBundle: (a) => `${a}.kind = 'PARK_CLASS'`,
  },
  projects: {
    from: 'parks.projects',
    parts: `select owner_id, target_id from parks.project_subjects where role = 'PART_OF'`,
    isBundle: (a) => `${a}.bundle_size > 1`,
  },
};

/** The relation `inside(part, whole)` of a list, over any number of steps. */
export const insideSql = (list: string): string => {
  const parts = overlaps[list]?.parts ?? `select '', '' where false`;
  return `stated(part, whole) as (${parts}), inside(part, whole) as (
    select part, whole from stated union select i.part, s.whole from inside i join stated s on s.part = i.whole)`;
};

/** Whether the rows of a list with these ids, an array, have a sum. A single figure always has. */
export function isSumSql(list: string, ids: string): string {
  const overlap = overlaps[list];
  if (!overlap) return 'true';
  const { from, isBundle } = overlap;
  const liesIn = (inner: string, outer: string) =>
    `exists (select from parks.region_closure c where c.code = ${inner} and c.ancestor = ${outer})`;
  const mayContain = `a.id <> b.id and ${isBundle('a')} and (a.region_code is null or b.region_code is null
    or ${liesIn('a.region_code', 'b.region_code')} or ${liesIn('b.region_code', 'a.region_code')})`;
  return `(cardinality(${ids}) = 1 or not exists (
    select from ${from} a, ${from} b where a.id = any(${ids}) and b.id = any(${ids})
      and ((a.id, b.id) in (select part, whole from inside) or (${mayContain}))))`;
}
