import {
  type Department,
  type DepartmentCaller,
  departments,
  type PartnerCaller,
  roles,
} from '@wenshu/schema/caller.ts';
import { isObjectType } from 'graphql';
import { coordinates, leadsOnly, ownerOf, schema, sharingOf } from './graph.ts';
import type { Random } from './random.ts';
import { topics } from './topics.ts';

/** An agreement in the form that the hub takes. */
export type Agreement = {
  readonly topic: string;
  readonly fields: readonly string[];
  readonly purpose: string;
  readonly region?: string;
  readonly park?: string;
};

/** A caller with the agreements of the department and the stated purpose. */
export type Asker = {
  readonly caller: DepartmentCaller | PartnerCaller;
  readonly agreements: readonly Agreement[];
  readonly purpose: string;
};

const purposes = ['joint-inspection', 'statistics'] as const;
const regions = ['370212', '370200', '370000', '110105', '110000'];
/** The first is named in rows, the others in none. */
const agencies = ['org-bj-film-academy', 'org-wh-propaganda', 'org-nowhere'];
const parks = ['park-798', 'syn-park-few', 'park-sunhe-52'];
const enterprises = ['ent-goertek', 'syn-ent-few', 'ent-bona-film'];
const types = [...new Set(coordinates.map(ownerOf))].sort();
const records = types.filter((name) => isObjectType(schema.getType(name)) && !leadsOnly(name));

/** Returns a random caller: two of three are departments, the others bring keys. */
export function anyAsker(random: Random): Asker {
  const purpose = random.one(purposes);
  const caller = random.happens(0.66) ? anyDepartment(random) : anyPartner(random);
  const agreements =
    caller.kind === 'department'
      ? random
          .some([...topics.keys()], random.below(4))
          .map((topic) => anyAgreement(topic, caller.department, random))
      : [];
  return { caller, agreements, purpose };
}

function anyDepartment(random: Random): DepartmentCaller | PartnerCaller {
  return {
    kind: 'department',
    department: random.one(departments),
    role: random.one(roles),
    user: 'somebody',
    ...(random.happens(0.35) && { region: random.one(regions) }),
    ...(random.happens(0.3) && { agency: random.one(agencies) }),
  };
}

/** Returns a random agreement on a whole topic or some of its fields, always with the fields that show that a record exists. */
function anyAgreement(topic: string, department: Department, random: Random): Agreement {
  const all = (topics.get(topic) ?? []).filter((coordinate) => sharingOf(coordinate)?.owner !== department);
  const isByField = random.happens(0.3);
  const fields = all.filter((coordinate) => !isByField || coordinate.endsWith('.id') || random.happens(0.7));
  const limit = random.next();
  return {
    topic,
    fields,
    purpose: random.happens(0.85) ? purposes[0] : purposes[1],
    ...(limit < 0.3 && { region: random.one(regions) }),
    ...(limit > 0.85 && { park: random.one(parks) }),
  };
}

function anyPartner(random: Random): DepartmentCaller | PartnerCaller {
  const isWhole = random.happens(0.6);
  const some = [...random.some(records, 5 + random.below(25)), ...random.some(coordinates, 10)];
  return {
    kind: 'partner',
    keyId: 'key-1',
    partner: 'somebody',
    isTest: random.happens(0.15),
    scopes: isWhole ? types : some,
    regions: random.happens(0.5) ? random.some(regions, 1 + random.below(2)) : [],
    ...(random.happens(0.4) && { enterpriseId: random.one(enterprises), ...anyApproval(random) }),
  };
}

/**
 * Returns random approvals of departments for the key's enterprise: all, some, or only the key's maker. Some fields may have come into the
 * graph later.
 */
function anyApproval(random: Random): Pick<PartnerCaller, 'madeBy' | 'approvals'> {
  const [madeBy = 'PROPAGANDA', ...others] = random.some(departments, departments.length);
  const count = random.one([0, random.below(others.length), others.length]);
  const fields = random.happens(0.5) ? coordinates : coordinates.filter(() => random.happens(0.8));
  return {
    madeBy,
    approvals: [
      { department: madeBy, fields },
      ...others.slice(0, count).map((each) => ({ department: each, agreement: each, fields })),
    ],
  };
}

/** Describes a caller for a failing test; the seed creates the caller again. */
export function describe({ caller, agreements, purpose }: Asker): string {
  const isWhole = caller.kind === 'partner' && caller.scopes === types;
  const brief = agreements.map(({ topic, fields, ...terms }) => {
    const all = topics.get(topic) ?? [];
    return `${JSON.stringify(terms)} on ${fields.length} of ${all.length} fields about ${topic}`;
  });
  return [
    JSON.stringify({ ...caller, ...(isWhole && { scopes: 'every type' }) }, (name, value) =>
      name === 'fields' ? `${value.length} of ${coordinates.length}` : value,
    ),
    `for ${purpose}`,
    ...brief,
  ].join('\n');
}
