import { unitNamesZh } from '@wenshu/kit/unit-names.ts';
import { metrics, topics } from '@wenshu/schema/metrics.ts';
import { z } from 'zod';
import { graphEnum } from './graph-enum.ts';

// Records in the files of the dataset. Money and other figures are as the source prints them, in full units. An empty list usually means
// that the source does not say.

const approx = graphEnum('Approx');
const level = graphEnum('Level');
const facts = z.record(z.string(), z.json());
const date = z.iso.date();
const unit = z.enum(Object.keys(unitNamesZh));

const source = z.object({
  sourceId: z.string(),
  quote: z.string().max(40),
  section: z.literal('SIDEBAR').optional(),
});
/** Stated relations of these types. Each type has a typed field in the graph, so a type that has none is refused. */
const relations = <const Types extends readonly [string, ...string[]]>(...types: Types) =>
  z.array(z.object({ type: z.enum(types), targetId: z.string() })).default([]);
const honour = z.object({
  titleZh: z.string(),
  year: z.int().nullable().default(null),
  level: level.nullable().default(null),
});

/** A list of what sources say of the world: where they say nothing, it is unknown whether there is anything. */
const stated = <Item extends z.ZodType>(item: Item) =>
  z.array(item).transform((items) => (items.length > 0 ? items : null));

const named = z.object({
  id: z.string(),
  nameZh: z.string(),
  nameEn: z.string(),
  aliases: z.array(z.string()).default([]),
  regionCode: z.string().nullable(),
  facts: facts.default({}),
  notes: z.string().nullable(),
  notesZh: z.string().nullable(),
  source: z.array(source),
});

const noFigure = 'is no figure for this hub: ';

export const recordsOf = {
  'regions.json': z.object({
    code: z.string().regex(/^\d{6}$/),
    nameZh: z.string(),
    nameEn: z.string(),
    level: graphEnum('RegionLevel'),
    parentCode: z.string().nullable(),
    basis: z.string(),
    basisZh: z.string(),
    honours: stated(z.object({ titleZh: z.string(), source: z.array(source) })),
  }),
  'sources.json': z.object({
    id: z.string(),
    seed: z.string(),
    sha256: z.string(),
    titleZh: z.string(),
    titleEn: z.string(),
    issuerIds: z.array(z.string()),
    publisherZh: z.string().nullable(),
    date: date.nullable(),
    regionCode: z.string(),
    kind: z.string(),
    caveats: z.array(z.string()),
    caveatsZh: z.array(z.string()),
  }),
  'enterprises.json': named.extend({
    relations: relations(
      'CREATOR_OF',
      'HAS_PARTY_UNIT',
      'IMPLEMENTS_POLICY',
      'INVESTED_BY_DISTRICT_SOES',
      'INVESTOR_OF_PARK',
      'MEMBER_OF',
      'OPERATOR_OF_PARK',
      'OWNS_PARTY_BRAND',
      'PARTNER_OF_EVENT',
      'PARTNER_OF_PROJECT',
      'PRODUCER_OF',
      'PROJECT_OWNER',
    ),
    fullNameZh: z.string().nullable(),
    creditCode: z.string().nullable(),
    kind: graphEnum('EnterpriseKind'),
    ownership: graphEnum('Ownership').nullable(),
    regionBasis: graphEnum('RegionBasis').nullable(),
    sectorZh: z.string().nullable(),
    cultureDomainCode: z.string().nullable(),
    cultureRelated: z.boolean().nullable(),
    aboveScale: z.boolean().nullable(),
    tiers: z.array(
      z.object({
        tier: graphEnum('Tier'),
        level: level.nullable(),
        titleZh: z.string().nullable(),
        year: z.int().nullable().default(null),
        expiresOn: date.nullable().default(null),
      }),
    ),
    honours: stated(honour),
    parkIds: z.array(z.string()),
  }),
  'parks.json': named.extend({
    relations: relations('OWNS_PARTY_BRAND'),
    kind: graphEnum('ParkKind'),
    level: level.nullable(),
    recognitions: stated(honour),
    addressZh: z.string().nullable(),
    floorArea: z.object({ sqm: z.number(), approx }).nullable(),
    tenants: z.object({ count: z.int(), approx, scope: z.string().nullable() }).nullable(),
    operatorId: z.string().nullable(),
    parentParkId: z.string().nullable(),
    isVirtual: z.boolean(),
    partyUnitIds: z.array(z.string()),
  }),
  'projects.json': named.extend({
    relations: relations(
      'AWARDED_BY',
      'BUILDS',
      'HOSTS',
      'OPERATED_BY',
      'PART_OF',
      'RELATED_EVENT',
      'RELATED_TO',
    ),
    kind: graphEnum('ProjectKind'),
    currentStage: graphEnum('ProjectStageKind'),
    currentStageZh: z.string().nullable(),
    stages: z.array(
      z.object({
        seq: z.int(),
        stage: graphEnum('ProjectStageKind'),
        status: graphEnum('ProjectStageStatus').nullable(),
        partZh: z.string().nullable(),
        textZh: z.string().nullable(),
        asOf: z.string().nullable(),
      }),
    ),
    targets: stated(
      z.object({ period: z.string().nullable(), periodZh: z.string().nullable(), textZh: z.string() }),
    ),
    ownerIds: z.array(z.string()),
    parkIds: z.array(z.string()),
    policyIds: z.array(z.string()),
    bundleSize: z.int().nullable().default(null),
    plannedInvestmentYuan: z.number().nullable(),
    completedInvestmentYuan: z.number().nullable(),
    investmentApprox: approx.nullable(),
  }),
  'policies.json': named.extend({
    relations: relations(
      'APPLIES_TO',
      'ATTRACTED',
      'BENEFICIARY',
      'IMPLEMENTED_BY',
      'PROMOTED_BY',
      'RECOGNISES',
      'SUPPORTS',
    ),
    kind: graphEnum('PolicyKind'),
    policyDomain: graphEnum('PolicyDomain'),
    status: graphEnum('PolicyStatus'),
    docNo: z.string().nullable(),
    issuedOn: z.string().nullable(),
    issuerIds: z.array(z.string()),
    basedOnIds: z.array(z.string()),
    measures: z.array(
      z.object({
        id: z.string(),
        seq: z.int(),
        titleZh: z.string(),
        titleEn: z.string(),
        kind: graphEnum('MeasureKind'),
        textZh: z.string(),
        isParaphrase: z.boolean(),
        frequency: z.string().nullable(),
        frequencyZh: z.string().nullable(),
        deadline: z.string().nullable(),
        deadlineZh: z.string().nullable(),
        targetGroupZh: z.string().nullable(),
        responsibleOrgIds: z.array(z.string()),
        quantities: facts.nullable(),
      }),
    ),
    eligibility: z.array(
      z.object({
        id: z.string(),
        seq: z.int(),
        measureId: z.string().nullable(),
        field: z.string(),
        op: graphEnum('ConditionOperator'),
        value: z.json(),
        textZh: z.string(),
      }),
    ),
    lists: z
      .array(
        z.object({
          id: z.string(),
          seq: z.int(),
          nameZh: z.string(),
          nameEn: z.string(),
          isComplete: z.boolean(),
          memberIds: z.array(z.string()),
        }),
      )
      .default([]),
  }),
  'organisations.json': named.extend({
    relations: relations(
      'COOPERATES_WITH',
      'DEPUTY_HEAD_UNIT',
      'LOCATED_IN',
      'MEMBER',
      'MEMBER_UNIT_OF',
      'SUPERVISED_BY',
    ),
    kind: graphEnum('AgencyKind'),
    department: graphEnum('Department').nullable(),
    parentId: z.string().nullable(),
    services: stated(z.object({ nameZh: z.string(), nameEn: z.string().nullable().default(null) })),
  }),
  'events.json': named.extend({
    relations: relations(
      'ADOPTS_POLICY',
      'AWARDED_BY',
      'AWARDED_TO',
      'COVERED_BY',
      'ENFORCES_POLICY',
      'FOUNDED_ORG',
      'FUNDED_BY_POLICY',
      'IMPLEMENTS_MEASURE',
      'PART_OF',
      'POSSIBLY_SAME_AS',
      'PROMOTES_POLICY',
      'USES_PLATFORM',
    ),
    kind: graphEnum('EventKind'),
    status: graphEnum('EventStatus'),
    startDate: date.nullable(),
    endDate: date.nullable(),
    periodZh: z.string().nullable(),
    frequency: graphEnum('EventFrequency').nullable(),
    venueId: z.string().nullable(),
    hosts: z.array(z.object({ orgId: z.string(), role: graphEnum('HostRole') })),
    attendance: z.object({ value: z.number(), unit, approx }).nullable(),
    participantIds: z.array(z.string()),
  }),
  'works.json': z.object({
    id: z.string(),
    titleZh: z.string(),
    titleEn: z.string(),
    kind: graphEnum('WorkKind'),
    makerIds: z.array(z.string()),
    honours: stated(honour),
    supportPolicyId: z.string().nullable(),
    notes: z.string().nullable(),
    notesZh: z.string().nullable(),
    source: z.array(source),
  }),
  'party-units.json': named.extend({
    relations: relations('DEFINED_BY_MEASURE', 'GOVERNED_BY_POLICY', 'HAS_MEMBER_UNIT', 'LED_BY'),
    recordType: z.enum(['UNIT', 'BRAND', 'MECHANISM']),
    kind: z.string(),
    parentId: z.string().nullable(),
    hostId: z.string().nullable(),
    parkIds: z.array(z.string()),
    enterpriseIds: z.array(z.string()),
    coverageMode: graphEnum('CoverageMode').nullable(),
    secretaryModelZh: z.string().nullable(),
    lifeCycle: z
      .record(
        z.string(),
        z.object({
          frequency: graphEnum('MeetingFrequency'),
          ruleZh: z.string(),
          also: z.string().nullable().default(null),
        }),
      )
      .nullable(),
    honours: stated(honour),
  }),
  'indicators.json': z
    .object({
      id: z.string(),
      topic: z.enum(Object.keys(topics)),
      subjectType: z.string(),
      subjectId: z.string(),
      subjectZh: z.string(),
      metric: z.enum(Object.keys(metrics), {
        error: ({ input }) => (isOfPetitions(input) ? `${noFigure}petitions are a work secret` : undefined),
      }),
      metricZh: z.string(),
      value: z.number(),
      unit,
      approx,
      valueAsPrinted: z.string(),
      valueKind: graphEnum('IndicatorKind'),
      periodLabel: z.string().nullable(),
      periodZh: z.string().nullable(),
      periodStart: date.nullable(),
      periodEnd: date.nullable(),
      regionCode: z.string().nullable(),
      growth: z
        .object({
          value: z.number(),
          unit,
          kind: graphEnum('GrowthKind'),
          noteZh: z.string().nullable().default(null),
        })
        .nullable(),
      /** Only where it differs from that of the metric. */
      stockOrFlow: graphEnum('StockOrFlow').optional(),
      scope: graphEnum('IndicatorScope').nullable().default(null),
      tiers: z.array(graphEnum('Tier')).nullable().default(null),
      levels: z.array(level).nullable().default(null),
      domainCodes: z.array(z.string()).nullable().default(null),
      dims: facts,
      facts: facts.default({}),
      alsoAboutId: z.string().nullable().default(null),
      partOfId: z.string().nullable().default(null),
      notes: z.string().nullable(),
      notesZh: z.string().nullable(),
      source: z.array(source),
    })
    .refine((figure) => !isConfidentialTax(figure), {
      error: `${noFigure}the tax of one taxpayer or group is confidential`,
    })
    .refine(({ metric, unit }) => metrics[metric]?.units.includes(unit), {
      path: ['unit'],
      error: 'is no unit of the metric',
    }),
} as const;

/** Counts of petitions (进京访, 到省访) are a work secret (工作秘密), which is no government data (条例 809, article 3): no metric is for them. */
const isOfPetitions = (metric: unknown) => String(metric).startsWith('PETITION');

/** What one enterprise or a named group paid in tax is confidential (税收征收管理法, article 8). */
const isConfidentialTax = ({ metric, subjectType }: { metric: string; subjectType: string }) =>
  metric.startsWith('TAX_') && subjectType.startsWith('ENTERPRISE');

export type FileName = keyof typeof recordsOf;
export type RecordOf<File extends FileName> = z.infer<(typeof recordsOf)[File]>;
