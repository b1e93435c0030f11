import type { Department, DepartmentCaller, PartnerCaller } from '@wenshu/schema/caller.ts';
import type { RowSharing, ShareClass, Sharing } from '@wenshu/schema/sharing.ts';
import {
  fieldsOf,
  leadersTo,
  leadsOnly,
  ofType,
  ownerOf,
  rowsBehind,
  rowTypeAt,
  rowTypeOfInput,
  sharingOf,
} from './graph.ts';
import { both, either, isSome, isWithin, type Reach, where } from './reach.ts';
import { columnOf, otherEntities, type Table, tables } from './tables.ts';

/** An agreement in force for the caller's purpose. */
export type Agreed = {
  readonly fields: ReadonlySet<string>;
  readonly region?: string;
  readonly park?: string;
};

/** Access of a caller, by docs/access.md, docs/keys.md and the schema's `@sharing`: without any of the hub's code. */
export type Sight = {
  /** True if the caller only ever reads one kind of rows, real or synthetic, and cannot ask for the other. */
  readonly isOfOneKind: boolean;
  /** True if an agreement in force opens the rows of one park only. */
  readonly isTestedByPark: boolean;
  /** Returns the rows for which a field is visible; for a condition or an order, the rows by which one may filter or order. */
  reachOf(coordinate: string): Reach;
  /** Returns the rows of a type that exist for the caller. */
  rowsOf(typeName: string): Reach;
  /** Returns whether the caller sees something of a type's rows. */
  sees(typeName: string): boolean;
  /** Returns whether lists may be filtered, ordered or grouped by this; undefined if the documentation does not decide it. */
  mayUse(coordinate: string): boolean | undefined;
};

type Item = {
  readonly coordinate: string;
  readonly sharing: Sharing;
  readonly typeName: string;
  readonly isField: boolean;
};

export function sightOf(caller: DepartmentCaller | PartnerCaller, agreed: readonly Agreed[]): Sight {
  const rule = caller.kind === 'partner' ? partnerRule(caller) : departmentRule(caller, agreed);
  const known = new Map<string, Reach>();
  const reachOf = (coordinate: string): Reach => {
    const before = known.get(coordinate);
    if (before) return before;
    const sharing = sharingOf(coordinate);
    const rowType = rowTypeOfInput(ownerOf(coordinate));
    const reach = sharing
      ? rule({
          coordinate,
          sharing,
          typeName: rowType ?? ownerOf(coordinate),
          isField: rowType === undefined,
        })
      : 'all';
    known.set(coordinate, reach);
    return reach;
  };

  function rowsOf(typeName: string, above: readonly string[] = []): Reach {
    if (leadsOnly(typeName)) return 'all';
    const all = fieldsOf(typeName)
      .map(({ name }) => `${typeName}.${name}`)
      .filter(sharingOf);
    const identity = all.includes(`${typeName}.id`) ? [`${typeName}.id`] : all;
    const seen = [identity, all]
      .map((each) => either(...each.map(reachOf)))
      .find((reach) => reach !== 'none');
    const { rows: special } = ofType(typeName);
    const known =
      seen ?? (special && special.class !== 'UNCONDITIONAL' ? otherThan(typeName, special) : 'all');
    // A match stands for its policy.
    if (typeName === 'PolicyMatch') return both(known, rowsOf('Policy', above));
    const held = (tables[typeName]?.held ?? []).map(([type, column]): Reach => {
      const rows = above.includes(type) ? 'all' : rowsOf(type, [...above, typeName]);
      return isSome(rows) ? where(existing(type, column, rows.sql)) : rows === 'none' ? 'all' : rows;
    });
    return both(known, ...held);
  }

  return {
    isOfOneKind: caller.kind === 'partner',
    isTestedByPark: agreed.some(({ park }) => park !== undefined),
    reachOf,
    rowsOf,
    sees: (typeName) =>
      fieldsOf(typeName).some(({ name }) => {
        const coordinate = `${typeName}.${name}`;
        return !sharingOf(coordinate) || reachOf(coordinate) !== 'none';
      }),
    mayUse(coordinate) {
      const reach = reachOf(coordinate);
      if (reach === 'all') return true;
      if (reach === 'none') return false;
      const rowType = rowTypeOfInput(ownerOf(coordinate));
      const rows = rowType === undefined ? 'all' : rowsOf(rowType);
      // It may be used if all rows of the list are rows for which it is visible, and the list can be queried for those.
      if (reach === 'unknown' || rows === 'unknown') return undefined;
      return isWithin(rows, reach) && (unlistable.has(rowType ?? '') ? undefined : true);
    },
  };
}

/** Types whose lists have no condition on the region of a row, or on the existence of a required related row. */
export const unlistable: ReadonlySet<string> = new Set(['Measure', 'PolicyMatch', 'ProjectLedger', 'Work']);

const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;

/** Returns the condition that the row with the id in this column is one of those. */
function existing(typeName: string, column: string, sql: string): string {
  const { names, key } = tables[typeName] as Table;
  const inner = sql.replaceAll(/\bt\./g, 'h.');
  return `exists (select 1 from ${names[0]} h where ${key.replace('t.', 'h.')} = ${column} and ${inner})`;
}

/** True for a type whose objects are part of the row that contains them. */
const isPart = (typeName: string) =>
  (tables[typeName] === undefined || typeName === 'Indicator') &&
  !otherEntities.includes(typeName) &&
  !leadsOnly(typeName);

/** True if a part has a field for its region. */
const saysWhere = (typeName: string) =>
  fieldsOf(typeName).some(({ name }) => ['region', 'enterprise', 'park', 'policy'].includes(name));

/** True for a part without a table and a region of its own. */
const isPlain = (typeName: string) => isPart(typeName) && !tables[typeName] && !saysWhere(typeName);

function conditionsOf(typeName: string, { where: conditions }: RowSharing): { yes: Reach; no: Reach } {
  if (!tables[typeName]) return { yes: 'unknown', no: 'unknown' };
  const sql = conditions
    .map(({ field, in: values, isNull }) =>
      values
        ? `${columnOf(typeName, field)} in (${values.map(quoted)})`
        : `${columnOf(typeName, field)} is ${isNull ? '' : 'not '}null`,
    )
    .join(' and ');
  return { yes: where(`(${sql})`), no: where(`(not (${sql}))`) };
}
const otherThan = (typeName: string, special: RowSharing) => conditionsOf(typeName, special).no;

const inRegions = (typeName: string, codes: readonly string[]): Reach | undefined => {
  const region = tables[typeName]?.region;
  const within = `select code from enterprises.region_closure where ancestor in (${codes.map(quoted)})`;
  return region === undefined ? undefined : where(`coalesce(${region} in (${within}), false)`);
};

const ofPark = (typeName: string, park: string): Reach | undefined => {
  const its = tables[typeName]?.park;
  return its === undefined ? undefined : where(`coalesce(${its} = ${quoted(park)}, false)`);
};

/**
 * Rule for departments: a department sees unconditional data, its own data, and what agreements open; limited to the region in the token,
 * if there is one.
 */
function departmentRule(
  { department, region, agency }: DepartmentCaller,
  agreed: readonly Agreed[],
): (item: Item) => Reach {
  const isOwn = (coordinate: string) => sharingOf(coordinate)?.owner === department;
  const isUnconditional = (coordinate: string) => sharingOf(coordinate)?.class === 'UNCONDITIONAL';

  /** Limits the parts of a row. The limit must hold on each path to a part; otherwise it is undecided. */
  function limited(
    { coordinate, typeName, isField }: Item,
    rows: (typeName: string) => Reach | undefined,
  ): Reach {
    const own = rows(typeName);
    if (own) return own;
    if (leadsOnly(typeName)) {
      const target = rowTypeAt(coordinate) ?? '';
      // A summary with a region is shown for the regions within the limit.
      return rows(target) || (!tables[target] && saysWhere(target)) ? 'unknown' : 'none';
    }
    if (!isPart(typeName)) return 'none';
    // A part has the limits of everything that leads to it.
    const isLimitedToo =
      isField && isPlain(typeName) && leadersTo(typeName).every((way) => !isUnconditional(way) && isOwn(way));
    return isLimitedToo ? 'all' : 'unknown';
  }
  const confined = (item: Item): Reach =>
    region === undefined ? 'all' : limited(item, (typeName) => inRegions(typeName, [region]));
  const granted = (item: Item): Reach =>
    either(
      ...agreed
        .filter(({ fields }) => fields.has(item.coordinate))
        .map((each) =>
          both(
            each.region === undefined
              ? 'all'
              : limited(item, (type) => inRegions(type, [each.region as string])),
            each.park === undefined ? 'all' : limited(item, (type) => ofPark(type, each.park as string)),
            confined(item),
          ),
        ),
    );
  const byClass = (shareClass: ShareClass, own: boolean, item: Item): Reach => {
    if (shareClass === 'UNCONDITIONAL') return 'all';
    if (own) return confined(item);
    return shareClass === 'CONDITIONAL' ? granted(item) : 'none';
  };

  const others = (item: Item): Reach => {
    const { coordinate, sharing, typeName, isField } = item;
    const ofField = byClass(sharing.class, isOwn(coordinate), item);
    const { rows: special, keeper } = ofType(typeName);
    if (!special || (!isField && isUnconditional(coordinate))) return ofField;
    const { yes, no } = conditionsOf(typeName, special);
    const isJoint = special.jointly === department;
    const ofSpecial = special.namedOnly
      ? 'none'
      : byClass(special.class, isJoint || keeper === department, item);
    const asJoint = isJoint && sharing.owner === keeper ? both(yes, confined(item)) : 'none';
    return either(both(ofField, either(no, ofSpecial)), asJoint);
  };
  if (agency === undefined) return others;
  const named = namedRule(agency, others);
  return (item) => either(others(item), both(named(item), confined(item)));
}

/** Rule for rows that name an agency: it sees them whole, and finds them in every way by which it sees no other of them. */
function namedRule(agency: string, others: (item: Item) => Reach): (item: Item) => Reach {
  return ({ coordinate, sharing, typeName, isField }) => {
    if (sharing.class === 'WITHHELD') return 'none';
    const { named, keeper, namedSeePublicFieldsOnly } = ofType(typeName);
    const list = tables[typeName]?.agencies;
    // Of drafts and planned inspections it sees what everybody sees of the others.
    if (namedSeePublicFieldsOnly && sharing.class === 'CONDITIONAL') return 'none';
    if (named && sharing.owner !== keeper) return 'none';
    if (named) return list ? where(`coalesce(${quoted(agency)} = any(${list}), false)`) : 'unknown';
    if (!isField) return 'none';
    const target = rowTypeAt(coordinate) ?? '';
    const id = sharingOf(`${target}.id`);
    if (ofType(target).named && id) {
      const seen = others({ coordinate: `${target}.id`, sharing: id, typeName: target, isField: true });
      return ofType(target).keeper === sharing.owner && seen === 'none' ? 'all' : 'none';
    }
    return isPart(typeName) ? 'unknown' : 'none';
  };
}

/**
 * Rule for partners: a partner sees, in the regions of its key, open data within its scopes; and of its own enterprise what the owning
 * departments approved. A test key sees synthetic rows only, a live key none of them.
 */
function partnerRule(caller: PartnerCaller): (item: Item) => Reach {
  const { scopes, regions, isTest, enterpriseId, approvals = [] } = caller;
  const approved = new Set(
    approvals.flatMap(({ department, fields }) => fields.map((field) => `${department} ${field}`)),
  );
  const isApproved = (coordinate: string, ...owners: readonly (Department | undefined)[]) =>
    owners.every((owner) => owner === undefined || approved.has(`${owner} ${coordinate}`));

  const rowsOfEnterprise = (typeName: string): Reach => {
    if (enterpriseId === undefined) return 'none';
    const table = tables[typeName];
    if (ofType(typeName).enterpriseId) {
      return table?.enterprise
        ? where(`coalesce(${table.enterprise} = ${quoted(enterpriseId)}, false)`)
        : 'unknown';
    }
    // Data that no open field leads to can only be reached from their own records.
    const isClosed = leadersTo(typeName).every((way) => !sharingOf(way)?.open);
    // Of some records, the enterprise sees a part only (`Finding`).
    return isPart(typeName) && isClosed ? 'unknown' : 'none';
  };
  function ownRows({ coordinate, sharing, typeName, isField }: Item): Reach {
    if (!isField || (!sharing.open && !isApproved(coordinate, sharing.owner))) return 'none';
    const { rows: special, keeper } = ofType(typeName);
    if (
      !special ||
      special.class === 'UNCONDITIONAL' ||
      isApproved(coordinate, sharing.owner, keeper, special.jointly)
    ) {
      return rowsOfEnterprise(typeName);
    }
    return both(rowsOfEnterprise(typeName), otherThan(typeName, special));
  }
  const isNamed = (typeName: string, coordinate: string) =>
    scopes.includes(typeName) || scopes.includes(coordinate);
  const isRead = (typeName: string) =>
    fieldsOf(typeName).some(({ name }) => {
      const coordinate = `${typeName}.${name}`;
      const sharing = sharingOf(coordinate);
      if (!sharing) return false;
      return (
        (sharing.open && isNamed(typeName, coordinate)) ||
        ownRows({ coordinate, sharing, typeName, isField: true }) !== 'none'
      );
    });

  function isInScope({ coordinate, typeName }: Item): boolean {
    const owner = ownerOf(coordinate);
    if (!leadsOnly(owner)) return scopes.includes(typeName) || isNamed(owner, coordinate);
    const rowType = rowsBehind(owner);
    return rowType === owner || isRead(rowType);
  }

  /** Records without a region are in no region; parts are where their row is. */
  function inItsRegions(typeName: string): Reach {
    if (regions.length === 0 || leadsOnly(typeName)) return 'all';
    return inRegions(typeName, regions) ?? (isPlain(typeName) ? 'all' : 'unknown');
  }

  function ofItsKind(typeName: string): Reach {
    if (leadsOnly(typeName)) return 'all';
    const synthetic = tables[typeName]?.synthetic;
    if (synthetic) return where(isTest ? synthetic : `not ${synthetic}`);
    const says = fieldsOf(typeName).some(({ name }) => name === 'synthetic');
    return says || (isTest && typeName !== 'Region') ? 'unknown' : 'all';
  }

  function openRows({ typeName, isField }: Item): Reach {
    const { rows: special } = ofType(typeName);
    const isClosed = isField && special && special.class !== 'UNCONDITIONAL';
    return isClosed ? otherThan(typeName, special) : 'all';
  }

  return (item) => {
    const own = ownRows(item);
    const shown = item.sharing.open && isInScope(item) ? either(openRows(item), own) : own;
    const seen = both(inItsRegions(item.typeName), shown);
    // A condition or an order applies to rows of the caller's kind already.
    return item.isField ? both(ofItsKind(item.typeName), seen) : seen;
  };
}
