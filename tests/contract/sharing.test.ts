import { readFileSync } from 'node:fs';
import { memberFolders } from '@wenshu/gateway/cli/member-folders.ts';
import { readSharing } from '@wenshu/gateway/supergraph/sharing.ts';
import { readWritable } from '@wenshu/gateway/supergraph/writable.ts';
import { departmentNames, departments } from '@wenshu/schema/caller.ts';
import { catalogueOf, inBothLanguages, typesInCatalogue } from '@wenshu/schema/catalogue.ts';
import { compose, composedFiles } from '@wenshu/schema/compose.ts';
import { membersOf, sharingSdl } from '@wenshu/schema/sharing.ts';
import {
  listSdl,
  type MemberSdl,
  readMember,
  subgraphNames,
  subgraphSdl,
} from '@wenshu/schema/subgraph-sdl.ts';
import { buildSchema, getNamedType, isEnumType, isInputObjectType, isObjectType, parse } from 'graphql';
import { describe, expect, it } from 'vitest';

const supergraph = readFileSync(composedFiles.supergraph, 'utf8');
const api = buildSchema(readFileSync(composedFiles.api, 'utf8'));
const objectTypes = Object.values(api.getTypeMap()).filter(
  (type) => isObjectType(type) && !type.name.startsWith('__'),
);
const fields = objectTypes.flatMap((type) => (isObjectType(type) ? Object.values(type.getFields()) : []));

/** The types of an argument of lists. */
const inputsOf = (name: string) =>
  new Set(
    fields.flatMap(({ args }) =>
      args.filter((each) => each.name === name).map((each) => getNamedType(each.type)),
    ),
  );

const isChange = (coordinate: string) => coordinate.startsWith('Mutation.');

const membersIn = (sdl: string): readonly string[] =>
  parse(sdl).definitions.flatMap((definition) =>
    membersOf(definition).map(
      (member) => `${'name' in definition && definition.name?.value}.${member.name.value}`,
    ),
  );

const ofAgencies = new Set(
  subgraphNames.flatMap((name) => membersIn(subgraphSdl(readMember(name, memberFolders[name])))),
);
/** The SDL of a member without what all share. */
const ownAndGenerated = (member: MemberSdl) => `${member.ownSdl}\n${listSdl(member)}`;

/** What the hub keeps itself is no agency's data: its resolvers decide who may see it. */
const ofHub = new Set(
  membersIn(ownAndGenerated(readMember('control', memberFolders.control))).filter(
    (coordinate) => !ofAgencies.has(coordinate),
  ),
);

describe('the graph', () => {
  const sharing = readSharing(supergraph);

  it('has a class on every field but the hub’s own, and says of every change who may make it', () => {
    const all = objectTypes.flatMap((type) =>
      Object.keys(isObjectType(type) ? type.getFields() : {}).map((field) => `${type.name}.${field}`),
    );
    const [changes, bare] = [all.filter(isChange), all.filter((coordinate) => !isChange(coordinate))];
    expect(bare.length).toBeGreaterThan(500);
    expect(bare.filter((coordinate) => !sharing.of(coordinate) !== ofHub.has(coordinate))).toEqual([]);
    const writable = readWritable(parse(supergraph));
    expect(changes.map((coordinate) => coordinate.split('.')[1])).toEqual([...writable.keys()]);
    expect(changes.filter((coordinate) => sharing.of(coordinate))).toEqual([]);
  });

  it('has a class on every filter and every order, but not on what joins filters', () => {
    const filters = [...inputsOf('filter')].filter(isInputObjectType);
    const orders = [...inputsOf('orderBy')].filter(isInputObjectType);
    const bare = [
      ...filters.flatMap((filter) =>
        Object.keys(filter.getFields()).map((field) => `${filter.name}.${field}`),
      ),
      ...orders.flatMap((order) => {
        const values = getNamedType(order.getFields().field?.type);
        return isEnumType(values) ? values.getValues().map(({ name }) => `${values.name}.${name}`) : [];
      }),
    ].filter(
      (coordinate) =>
        !sharing.of(coordinate) && (!ofHub.has(coordinate) || /\.(and|or|not)$/.test(coordinate)),
    );
    expect(bare).toEqual(
      filters.flatMap(({ name }) =>
        ['and', 'or', 'not', 'exists'].map((join) => `${name}.${join}`).filter((each) => bare.includes(each)),
      ),
    );
    expect(sharing.of('StringFilter.contains')).toBeUndefined();
  });

  it.each([
    ['Enterprise.nameZh', 'UNCONDITIONAL', 'MARKET_REGULATION', true],
    ['Enterprise.tiers', 'UNCONDITIONAL', 'PROPAGANDA', true],
    ['Enterprise.park', 'CONDITIONAL', 'CULTURE_TOURISM', false],
    ['Park.enterprises', 'CONDITIONAL', 'CULTURE_TOURISM', false],
    ['Park.statedTenants', 'UNCONDITIONAL', 'CULTURE_TOURISM', true],
    ['Inspection.result', 'CONDITIONAL', 'MARKET_REGULATION', false],
    ['Finding.stage', 'CONDITIONAL', 'MARKET_REGULATION', false],
    ['EnterpriseFilter.inspectedOn', 'CONDITIONAL', 'MARKET_REGULATION', false],
    ['BlacklistEntry.reasonZh', 'UNCONDITIONAL', 'MARKET_REGULATION', true],
    ['DualEffectAssessment.total', 'CONDITIONAL', 'PROPAGANDA', false],
    ['DualEffectAssessmentOrderField.TOTAL', 'CONDITIONAL', 'PROPAGANDA', false],
    ['ReturnsSummary.revenue', 'UNCONDITIONAL', 'STATISTICS', false],
    ['Project.currentStage', 'UNCONDITIONAL', 'CULTURE_TOURISM', true],
    ['Policy.status', 'UNCONDITIONAL', 'PROPAGANDA', true],
    ['Enterprise.policyMatches', 'CONDITIONAL', 'PROPAGANDA', false],
    ['Payout.amount', 'CONDITIONAL', 'PROPAGANDA', false],
    ['ServiceRequest.textZh', 'CONDITIONAL', 'PROPAGANDA', false],
    ['StarListEntry.rank', 'UNCONDITIONAL', 'PROPAGANDA', true],
    ['Event.venue', 'UNCONDITIONAL', 'CULTURE_TOURISM', true],
    ['PartyUnit.lifeCycle', 'CONDITIONAL', 'PROPAGANDA', false],
    ['PartyCoverage.work', 'CONDITIONAL', 'PROPAGANDA', false],
    ['PartyBrand.nameZh', 'UNCONDITIONAL', 'PROPAGANDA', false],
    ['RegionCoverageCount.rate', 'UNCONDITIONAL', 'PROPAGANDA', true],
    ['Indicator.value', 'UNCONDITIONAL', 'PROPAGANDA', true],
  ])('shares %s as %s of %s', (coordinate, shareClass, owner, open) => {
    expect(sharing.of(coordinate)).toMatchObject({ class: shareClass, owner, open });
  });

  it('has the departments that callers come from', () => {
    const type = buildSchema(sharingSdl).getType('Department');
    const values = isEnumType(type) ? type.getValues() : [];
    expect(values.map(({ name, description }) => [name, inBothLanguages(description ?? '')[0]])).toEqual(
      departments.map((department) => [department, `${departmentNames[department]}。`]),
    );
  });
});

const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9",
  import: ["@key", "@shareable", "@external", "@requires"]) ${sharingSdl}`;

const composing = (subgraphs: Record<string, string>) =>
  compose(
    Object.entries(subgraphs).map(([name, sdl]) => ({ name, url: `http://${name}`, sdl: `${link} ${sdl}` })),
  );

/** Why a graph is not composed, a line each. */
function refusalOf(subgraphs: Record<string, string>): string[] {
  try {
    composing(subgraphs);
    return [];
  } catch (error) {
    return (error as Error).message.split('\n').slice(1);
  }
}

const tourism = '@sharing(class: UNCONDITIONAL, owner: CULTURE_TOURISM)';
const tourismIfAgreed = '@sharing(class: CONDITIONAL, owner: CULTURE_TOURISM)';

describe('composition', () => {
  it('writes the class of a type on each of its fields, unless the field has its own', () => {
    const sharing = readSharing(
      composing({ parks: `type Query ${tourism} { parks: Int, rents: Int ${tourismIfAgreed} }` }).supergraph,
    );
    const base = { owner: 'CULTURE_TOURISM', open: false, masked: false };
    expect(sharing.of('Query.parks')).toEqual({ ...base, class: 'UNCONDITIONAL' });
    expect(sharing.of('Query.rents')).toEqual({ ...base, class: 'CONDITIONAL' });
  });

  it('keeps the class of a type to its own subgraph', () => {
    const events = 'type Query { events: Int }';
    expect(refusalOf({ parks: `type Query ${tourism} { parks: Int }`, events })).toEqual([
      '  - Query.events has no sharing class in events: write @sharing(class:, owner:) on it, or on Query for all its fields there.',
    ]);
  });

  it('refuses a class or an owner that there is none of', () => {
    expect(
      refusalOf({ parks: 'type Query { parks: Int @sharing(class: SECRET, owner: FINANCE) }' }),
    ).toContainEqual(
      '  - Query.parks in parks has an @sharing that cannot be: Argument "class" has invalid value SECRET.',
    );
  });

  it('refuses a field that two subgraphs share differently', () => {
    const sdl = (sharing: string) => `type Query ${tourism} { park: Int @shareable ${sharing} }`;
    expect(refusalOf({ parks: sdl(tourism), events: sdl(tourismIfAgreed) })).toEqual([
      '  - Query.park is UNCONDITIONAL of CULTURE_TOURISM in parks, but CONDITIONAL of CULTURE_TOURISM in events: write the same @sharing wherever it is given.',
    ]);
  });

  it('refuses to open what needs consent, to withhold without a law, and to mask what is no text', () => {
    const sdl = `type Query {
      rent: String @sharing(class: CONDITIONAL, owner: CULTURE_TOURISM, open: true)
      tax: String @sharing(class: WITHHELD, owner: TAXATION)
      area: Int @sharing(class: CONDITIONAL, owner: CULTURE_TOURISM, masked: true)
      returns: String @sharing(class: WITHHELD, owner: STATISTICS, basis: "统计法", masked: true)
    }`;
    expect(refusalOf({ parks: sdl })).toEqual([
      '  - Query.area is masked, but only a field of type String has a masked form. Drop "masked".',
      '  - Query.rent is open and CONDITIONAL: what may leave the departments cannot need consent between them. Make it UNCONDITIONAL, or drop "open".',
      '  - Query.tax is WITHHELD without a basis: only a law lets data be withheld (不予共享). Name it in @sharing(basis:).',
    ]);
  });
});

describe('filters and orders', () => {
  const list = (filter: string, order: string) => `
    type Query ${tourism} { parks(filter: ParkFilter, orderBy: [ParkOrder!]): ParkConnection }
    type ParkConnection ${tourism} { nodes: [Park!]! }
    type Park ${tourism} {
      floorArea: Int
      rent: String @sharing(class: CONDITIONAL, owner: CULTURE_TOURISM, masked: true)
      operator: Int ${tourismIfAgreed}
    }
    input ParkFilter { and: [ParkFilter!] ${filter} }
    input ParkOrder { field: ParkOrderField! }
    enum ParkOrderField { FLOOR_AREA ${order} }`;

  it('take the class of the field they are named for', () => {
    const { supergraph } = composing({ parks: list('rent: Int operatorId: ID', 'RENT') });
    const sharing = readSharing(supergraph);
    const conditional = { class: 'CONDITIONAL', owner: 'CULTURE_TOURISM', open: false, masked: false };
    expect(sharing.of('ParkFilter.rent')).toEqual(conditional);
    expect(sharing.of('ParkFilter.operatorId')).toEqual(conditional);
    expect(sharing.of('ParkOrderField.RENT')).toEqual(conditional);
    expect(sharing.of('ParkOrderField.FLOOR_AREA')).toEqual({ ...conditional, class: 'UNCONDITIONAL' });
    expect(sharing.of('ParkFilter.and')).toBeUndefined();
    expect(sharing.of('ParkOrder.field')).toBeUndefined();
  });

  it('are refused where there is no such field, and they have no class of their own', () => {
    expect(refusalOf({ parks: list('tenantId: ID', 'NAME') })).toEqual([
      '  - ParkFilter.tenantId has no sharing class, and cannot take that of Park.tenantId or tenant: write @sharing(class:, owner:) on it.',
      '  - ParkOrderField.NAME has no sharing class, and cannot take that of Park.name: write @sharing(class:, owner:) on it.',
    ]);
    expect(refusalOf({ parks: list(`tenantId: ID ${tourismIfAgreed}`, `NAME ${tourism}`) })).toEqual([]);
  });

  it('are refused where they are freer than their field', () => {
    const freer =
      'which it discloses: drop its @sharing, or make it at least as strict, with the same owner.';
    expect(refusalOf({ parks: list(`rent: Int ${tourism}`, `RENT ${tourism}`) })).toEqual([
      `  - ParkFilter.rent is freer than Park.rent, ${freer}`,
      `  - ParkOrderField.RENT is freer than Park.rent, ${freer}`,
    ]);
  });
});

describe('standing agreements', () => {
  const parks = `type Query ${tourism} { region: Region }
    type Region @key(fields: "code") ${tourism} { code: ID! parkCount: Int rents: Int }`;
  const propaganda = '@sharing(class: UNCONDITIONAL, owner: PROPAGANDA)';
  const party = (declared: string) => `type Region @key(fields: "code") {
    code: ID! ${tourism} parkCount: Int @external
    coverage: Int @requires(fields: "parkCount") ${declared} }`;
  const onParks = '@standing(needs: "parkCount", basis: "条例", purpose: "覆盖率")';

  it('let a field be computed from the facts of another department, and are in the catalogue', () => {
    const { supergraph } = composing({ parks, party: party(`${propaganda} ${onParks}`) });
    const agreement = {
      field: 'Region.coverage',
      user: 'PROPAGANDA',
      owner: 'CULTURE_TOURISM',
      facts: ['Region.parkCount'],
      basis: '条例',
      purpose: '覆盖率',
    };
    const concerned = catalogueOf(supergraph).filter((item) => item.standingAgreements.length > 0);
    expect(concerned.map(({ coordinate, standingAgreements }) => [coordinate, standingAgreements])).toEqual([
      ['Region.coverage', [agreement]],
      ['Region.parkCount', [agreement]],
    ]);
  });

  // On e0e9d28 the numbers of Region.partyCoverage were in the catalogue as if they rested on nothing.
  it('are listed for each field that only such a field leads to', () => {
    const sdl = readFileSync(new URL('../../schema/supergraph.graphql', import.meta.url), 'utf8');
    const byField = new Map(
      catalogueOf(sdl).map(({ coordinate, standingAgreements }) => [coordinate, standingAgreements]),
    );
    const ofCoverage = byField.get('Region.partyCoverage');
    expect(ofCoverage).toMatchObject([{ owner: 'CULTURE_TOURISM' }, { owner: 'MARKET_REGULATION' }]);
    const numbers = [...byField.keys()].filter((each) => /^RegionCoverageCounts?\./.test(each));
    expect(numbers.length).toBeGreaterThan(5);
    for (const each of numbers) expect([each, byField.get(each)]).toEqual([each, ofCoverage]);
    expect(byField.get('Enterprise.nameZh')).toEqual([]);
  });

  it('are not needed for facts of the same department', () => {
    expect(refusalOf({ parks, party: party(tourism) })).toEqual([]);
  });

  it('are refused where they are missing, or cover what is not needed', () => {
    expect(refusalOf({ parks, party: party(propaganda) })).toEqual([
      '  - Region.coverage of PROPAGANDA rests on Region.parkCount of CULTURE_TOURISM without a standing agreement: declare one with @standing(needs:, basis:, purpose:).',
    ]);
    const onRents = onParks.replace('parkCount', 'rents');
    expect(refusalOf({ parks, party: party(`${propaganda} ${onParks} ${onRents}`) })).toEqual([
      '  - Region.coverage has a standing agreement on Region.rents, which it does not need: drop it.',
    ]);
    const onNothing = onParks.replace('parkCount', '}');
    expect(refusalOf({ parks, party: party(`${propaganda} ${onParks} ${onNothing}`) })).toEqual([
      '  - Region.coverage has a standing agreement whose needs are no set of fields: }.',
    ]);
  });

  it('do not spare a computed field a class of its own', () => {
    const ofType = party(onParks).replace('{', `${propaganda} {`);
    expect(refusalOf({ parks, party: ofType })).toEqual([
      '  - Region.coverage is computed, so that its class is not that of its type: write an @sharing of its own on it.',
    ]);
  });
});

describe('a work secret', () => {
  const sdl = `type Query ${tourism} { park: Park }
    type Park ${tourism} { id: ID! name: String plan: String @sharing(class: WORK_SECRET, owner: CULTURE_TOURISM) }`;

  it('is no item of the catalogue', () => {
    const { supergraph, catalogue } = composing({ parks: sdl });
    expect(readSharing(supergraph).of('Park.plan')?.class).toBe('WORK_SECRET');
    expect(catalogueOf(supergraph).map(({ coordinate }) => coordinate)).not.toContain('Park.plan');
    expect(catalogue).not.toContain('plan');
  });

  const secret = (more: string) => `@sharing(class: WORK_SECRET, owner: CULTURE_TOURISM, ${more})`;

  it('is never open: no field, type, condition or order', () => {
    const open = secret('open: true');
    const park = `type Query ${tourism} { parks(filter: ParkFilter, orderBy: [ParkOrder!]): Parks }
      type Parks ${tourism} { nodes: [Park!]! }
      input ParkOrder { field: ParkOrderField! }`;
    const field = `type Park ${tourism} { id: ID! plan: String ${open} }`;
    const type = `type Park ${open} { plan: String }`;
    const uses = `input ParkFilter { plan: String ${open} } enum ParkOrderField { PLAN ${open} }`;
    const usesOfField = uses.replaceAll(open, '');
    const refused = (coordinate: string) => expect.stringContaining(`${coordinate} is open and WORK_SECRET`);
    expect(refusalOf({ parks: `${park} ${field} ${usesOfField}` })).toEqual([refused('Park.plan')]);
    expect(refusalOf({ parks: `${park} ${type} ${usesOfField}` })).toEqual([refused('Park.plan')]);
    expect(refusalOf({ parks: `${park} ${field.replace(', open: true', '')} ${uses}` })).toEqual(
      expect.arrayContaining([refused('ParkFilter.plan'), refused('ParkOrderField.PLAN')]),
    );
  });

  it('shows no part of itself: it is not masked, and rows of secrets are in no catalogue', () => {
    expect(refusalOf({ parks: `type Query ${tourism} { plan: String ${secret('masked: true')} }` })).toEqual([
      '  - Query.plan is a work secret and masked, but only its owner may see a part of it. Drop "masked".',
    ]);
    const { supergraph, catalogue } = composing({
      parks: `type Query ${tourism} { park: Park }
        type Park ${tourism} @sharingRows(where: [{ field: "hidden", isNull: false }], class: WORK_SECRET) { hidden: Int }`,
    });
    expect(readSharing(supergraph).ofType('Park').rows?.class).toBe('WORK_SECRET');
    expect(typesInCatalogue(supergraph)).toEqual([]);
    expect(catalogue).not.toContain('不为空');
  });
});

it('shares the data of Party departments on no regulation that binds the government', () => {
  const parks = `type Query ${tourism} { park: Park } type Park @key(fields: "id") ${tourism} { id: ID! level: Int }`;
  const party = `extend type Park @key(fields: "id") { id: ID! @external level: Int @external
    rate: Int @requires(fields: "level") @sharing(class: UNCONDITIONAL, owner: PROPAGANDA)
      @standing(needs: "level", basis: "国令809", purpose: "计算") }`;
  expect(refusalOf({ parks, party })).toEqual([
    expect.stringContaining(
      'Park.rate has a standing agreement of a Party department on the basis of the Regulation',
    ),
  ]);
});

describe('rows that are shared otherwise than their type', () => {
  const parks = (declared: string, onType = tourism) => `type Query ${tourism} { park: Park }
    enum ParkKind { MUSEUM AV_BASE }
    type Park ${onType} ${declared} { kind(of: Int): ParkKind level: ParkKind name: String operator: Park }`;
  const rows = (where: string, rest = 'class: CONDITIONAL') => `@sharingRows(where: [${where}], ${rest})`;
  const isBase = '{ field: "level", in: ["AV_BASE"] }';

  it('are in the supergraph with who keeps them, and in the catalogue', () => {
    const { supergraph, catalogue } = composing({
      parks: parks(rows(isBase, 'class: CONDITIONAL, jointly: FINANCE')),
    });
    const declared = {
      rows: { where: [{ field: 'level', in: ['AV_BASE'] }], class: 'CONDITIONAL', jointly: 'FINANCE' },
      keeper: 'CULTURE_TOURISM',
    };
    expect(readSharing(supergraph).ofType('Park')).toEqual(declared);
    expect(typesInCatalogue(supergraph)).toEqual([{ typeName: 'Park', ...declared }]);
    expect(catalogue).toContain('| `Park`  | `level` AV_BASE | 有条件共享 | 文旅局, 财政局 |  |');
  });

  it('name the agencies that must act on them, and the rows that an enterprise sees', () => {
    const sdl = (
      named: string,
      where = '{ field: "note", isNull: false }',
    ) => `type Query ${tourism} { cases(filter: CaseFilter): Cases }
      type Cases ${tourism} { nodes: [Case!]! }
      input CaseFilter { byId: ID ${tourism} }
      type Agency ${tourism} { id: ID! }
      type Case ${tourism} ${named} @ofEnterprise(where: [${where}]) { note: String by: Agency of: [Agency!] }`;
    const named = '@namedAgencies(in: [{ field: "by", filter: "byId" }, { field: "of" }])';
    const { supergraph, catalogue } = composing({ parks: sdl(named) });
    expect(readSharing(supergraph).ofType('Case')).toEqual({
      keeper: 'CULTURE_TOURISM',
      enterpriseWhere: [{ field: 'note', isNull: false }],
      named: [{ field: 'by', filter: 'byId' }, { field: 'of' }],
    });
    expect(catalogue).toContain('- `Case` : `by`, `of`');
    expect(
      refusalOf({
        parks: sdl(
          '@namedAgencies(in: [{ field: "note" }, { field: "by", filter: "ofId" }])',
          '{ field: "x", isNull: true }',
        ),
      }),
    ).toEqual([
      '  - Case has rows that name agencies, but its lists have no filter "ofId".',
      '  - Case.note names no agencies: write a field of type Agency without arguments.',
      '  - Case.x tells rows apart, but is no plain field without arguments.',
    ]);
  });

  it.each([
    [
      rows('{ field: "rent", isNull: true }'),
      'Park.rent tells rows apart, but is no plain field without arguments.',
    ],
    [
      rows('{ field: "kind", in: ["MUSEUM"] }'),
      'Park.kind tells rows apart, but is no plain field without arguments.',
    ],
    [
      rows('{ field: "operator", isNull: true }'),
      'Park.operator tells rows apart, but is no plain field without arguments.',
    ],
    [rows('{ field: "level", in: ["ZOO"] }'), 'Park.level tells rows apart by ZOO, which ParkKind has not.'],
    [rows('{ field: "name", in: ["ZOO"] }'), 'Park.name tells rows apart by its values, but is of no enum.'],
    [
      rows('{ field: "name" }'),
      'Park.name tells rows apart by neither or both of "in" and "isNull": write one of them.',
    ],
    [rows(''), 'Park has @sharingRows for all its rows: say it in @sharing.'],
    [
      rows(isBase, 'class: SECRET'),
      'Park says something of its rows that cannot be: Argument "class" has invalid value SECRET.',
    ],
    [
      rows(isBase, 'class: WITHHELD'),
      'Park withholds rows without a basis: only a law lets data be withheld (不予共享). Name it in @sharingRows(basis:).',
    ],
    [
      rows(isBase, 'class: UNCONDITIONAL'),
      'Park has @sharingRows that change nothing: name another class, or a department in "jointly".',
    ],
    [
      '@ofEnterprise(id: "operator.id")',
      'Park is of the enterprise at operator.id, but there is no id of an Enterprise there.',
    ],
  ])('are refused as %s', (declared, problem) => {
    expect(refusalOf({ parks: parks(declared) })).toEqual([`  - ${problem}`]);
  });

  it('are left out of a list by its subgraph, if this is the page of a list without a filter', () => {
    const list = (argument: string, declared: string) => `type Query ${tourism} { parks${argument}: Parks }
      input ParkFilter { and: [ParkFilter!] }
      type Parks ${tourism} ${declared} { nodes: [Park!]! }
      type Park ${tourism} { id: ID! }`;
    const promise = '@appliesRowFilters';
    const { supergraph } = composing({ parks: list('', promise) });
    expect(readSharing(supergraph).ofType('Parks')).toEqual({
      keeper: 'CULTURE_TOURISM',
      appliesRowFilters: true,
    });
    const refused = (typeName: string) => [
      `  - ${typeName} has @appliesRowFilters, but is no page of a list without a filter: a list with a filter gets the conditions there.`,
    ];
    expect(refusalOf({ parks: list('(filter: ParkFilter)', promise) })).toEqual(refused('Parks'));
    expect(refusalOf({ parks: `${list('', '')} extend type Park ${promise}` })).toEqual(refused('Park'));
  });

  it('are refused without somebody who keeps them', () => {
    const sdl = `type Query ${tourism} { park: Park } type Park ${rows('{ field: "name", isNull: true }')} { name: String ${tourism} }`;
    expect(refusalOf({ parks: sdl })).toEqual([
      '  - Park has @sharingRows without an @sharing beside it, which says whose the rows are.',
    ]);
  });
});

describe('the catalogue', () => {
  const items = catalogueOf(supergraph);

  it('says of each item what it is, who owns it, and where it comes from', () => {
    expect(items.find(({ coordinate }) => coordinate === 'Park.floorArea')).toEqual({
      coordinate: 'Park.floorArea',
      kind: 'FIELD',
      typeName: 'Park',
      type: 'FloorArea',
      class: 'UNCONDITIONAL',
      owner: 'CULTURE_TOURISM',
      open: true,
      masked: false,
      descriptionZh: '建筑面积;来源未写则为 null。',
      descriptionEn: 'Floor area; null if no source states it.',
      sharedUnder:
        '《政务数据共享条例》(国务院令第809号)。 Regulation on the Sharing of Government Data (State Council Decree 809).',
      subgraphs: ['parks'],
      standingAgreements: [],
    });
    expect(items.find(({ coordinate }) => coordinate === 'ParkOrderField.FLOOR_AREA')).toMatchObject({
      kind: 'ORDER',
      type: 'ParkOrderField',
      subgraphs: ['parks'],
    });
    expect(items.find(({ coordinate }) => coordinate === 'Region.partyCoverage')).toMatchObject({
      subgraphs: ['party'],
      standingAgreements: [
        { user: 'PROPAGANDA', owner: 'CULTURE_TOURISM', facts: ['Region.parksByRegion'] },
        { user: 'PROPAGANDA', owner: 'MARKET_REGULATION', facts: ['Region.enterprisesByRegion'] },
      ],
    });
  });

  it('says everything in both languages', () => {
    const mute = items.filter(({ descriptionZh, descriptionEn }) => !descriptionZh || !descriptionEn);
    expect(mute.map(({ coordinate }) => coordinate)).toEqual([]);
  });

  it('is empty for a graph that declares nothing', () => {
    expect(catalogueOf('type Query { park: Int }')).toEqual([]);
  });
});
