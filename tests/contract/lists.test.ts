import { readFileSync } from 'node:fs';
import { composedFiles } from '@wenshu/schema/compose.ts';
import {
  buildSchema,
  type GraphQLObjectType,
  getNamedType,
  getNullableType,
  isCompositeType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { fieldsOfHub } from '../support/control-plane.ts';
import { startHub } from '../support/hub.ts';

const api = buildSchema(readFileSync(composedFiles.api, 'utf8'));

/**
 * The lists that are `[]` when they are empty, each with the reason why it is known that there is nothing. Every other list is null when
 * nothing is on record.
 */
const known: Readonly<Record<string, string>> = {
  '*.actions': 'The table of the workflow says which actions the caller may carry out.',
  '*.aliases': 'It holds the names that the sources of the record use.',
  '*.facts': 'It holds what the sources of the record say.',
  '*.links': 'It holds what the sources of the record say.',
  '*.citations': 'It holds the sources of the record.',
  '*.allowedActions': 'The table of the workflow says which actions the caller may carry out.',
  '*.history': 'The hub itself records each step.',
  '*.roles': 'An edge stands for a relation, which has one role at least.',
  'CorrectionFigures.byStage': 'The stages are kept in the hub.',
  'CorrectionSummary.groups': 'The hub itself groups the corrections.',
  'Completeness.published': 'The hub itself knows which figures it compares.',
  'DualEffectFigures.byGrade': 'The grades are kept in the hub.',
  'DualEffectFigures.byStage': 'The stages are kept in the hub.',
  'DualEffectSummary.groups': 'The hub itself groups the assessments.',
  'EnterpriseEventEdge.hostRoles': 'The edge holds all roles that are on record for its two ends.',
  'EnterpriseEventEdge.participantRoles': 'The edge holds all roles that are on record for its two ends.',
  'EnforcementSummary.groups': 'The hub itself groups what was done.',
  'Event.possiblySameAs': 'It is a finding about the record, not about the world.',
  'Indicator.dims': 'It holds what the source says of the figure.',
  'IndicatorMetric.units': 'The list of metrics is kept in the hub.',
  'MatchingRun.gaps': 'The hub itself finds them.',
  'Measure.quantities': 'It holds the numbers in the text of the measure.',
  'MeasureMatch.conditions': 'The hub itself checks them.',
  'PartyBuildingSummary.meetings': 'The hub itself counts them.',
  'OpenCallSummary.groups': 'The hub itself groups the calls.',
  'PartyCoverage.units': 'It holds the organisations on which the statement rests.',
  'PaymentRule.reviewers': 'The rule itself names them.',
  'PaymentRule.tierAmounts': 'The rule itself states them.',
  'Payout.reviewers': 'The rule of the payout names them.',
  'PayoutSummary.gaps': 'The hub itself finds them.',
  'PayoutSummary.groups': 'The hub itself groups the payouts.',
  'Penalty.kinds': 'A penalty has one kind at least.',
  'PolicyMatch.conditions': 'The hub itself checks them.',
  'ProjectLedger.milestones': 'A plan has a milestone at least.',
  'ProjectLedger.years': 'A plan has a year at least.',
  'ProjectLedgerSummary.groups': 'The hub itself groups the ledgers.',
  'ProjectLedgerSummary.months': 'A period has a first and a last month.',
  'QualifyingList.listings': 'The hub itself records them.',
  'SearchHit.matches': 'The hub itself finds them.',
  'SearchMatch.marks': 'The hub itself finds them.',
  'ServiceRequest.coHandlers': 'The hub itself assigns them.',
  'ServiceRequest.opinions': 'The hub itself asks for them.',
  'ServiceRequestSummary.groups': 'The hub itself groups the requests.',
  'Source.caveats': 'The analyst writes them.',
  'Source.caveatsZh': 'The analyst writes them.',
  'StarList.entries': 'The list is kept in the hub.',
  'StarList.objections': 'The hub itself takes them.',
  'StarList.vetters': 'The hub itself names them.',
  'StarListEntry.criteria': 'The list is kept in the hub.',
  'StarListEntry.verdicts': 'The hub itself takes them.',
  'StarListEntry.vetters': 'The hub itself names them.',
  'StarListSummary.groups': 'The hub itself groups the lists.',
};

/** Types of the gateway itself, which records what it does. */
const ofGateway =
  /^(Agreement|AgreementEvent|ApiKey|AuditRecord|CatalogueItem|EnterpriseAccess|KeyUsageDay|StandingAgreement|Query|Mutation)$/;
/** Parts of a page, and groups, which are computed. */
const ofPages = /(Connection|Aggregate|Group)$/;

const lists = Object.values(api.getTypeMap())
  .filter((type): type is GraphQLObjectType => isObjectType(type) && !type.name.startsWith('__'))
  .filter(({ name }) => !ofGateway.test(name) && !ofPages.test(name))
  .flatMap((type) =>
    Object.values(type.getFields())
      .filter((field) => isListType(getNullableType(field.type)))
      .map((field) => ({ type, field, coordinate: `${type.name}.${field.name}` })),
  );

/** Lists that are null for callers who may not see them, in rows of which they may see the rest. */
const shownToFew = ['ProjectLedger.history'];

const reasonOf = (coordinate: string) =>
  shownToFew.includes(coordinate) ? undefined : (known[coordinate] ?? known[`*.${coordinate.split('.')[1]}`]);

describe('an empty list says that there is nothing, null that nothing is known', () => {
  it.each(lists.map(({ coordinate, field }) => [coordinate, field] as const))('%s', (coordinate, field) => {
    expect(isNonNullType(field.type)).toBe(reasonOf(coordinate) !== undefined);
    if (!isNonNullType(field.type)) expect(field.description).toContain('null');
  });

  it('lists no field that does not exist', () => {
    const used = new Set(lists.map(({ coordinate }) => (known[coordinate] ? coordinate : '')));
    const missing = Object.keys(known).filter((name) => !name.startsWith('*.') && !used.has(name));
    expect(missing).toEqual([]);
  });

  it('holds over the whole dataset', async () => {
    await using hub = await startHub();
    const pages = Object.values(api.getQueryType()?.getFields() ?? {}).filter(
      ({ name, args, type }) =>
        !fieldsOfHub.has(name) &&
        !args.some(isRequiredArgument) &&
        getNamedType(type).name.endsWith('Connection'),
    );
    const seen = { filled: new Set<string>(), unknown: new Set<string>(), empty: new Set<string>() };
    for (const { name, type } of pages) {
      const rowType = getNamedType(type).name.replace('Connection', '');
      const fields = lists.filter((each) => each.type.name === rowType);
      if (fields.length === 0) continue;
      const selection = fields
        .map(
          ({ field }) => `${field.name}${isCompositeType(getNamedType(field.type)) ? ' { __typename }' : ''}`,
        )
        .join(' ');
      const { data, errors } = await hub.ask(
        `{ rows: ${name}(first: 200) { nodes { id: __typename ${selection} } } }`,
      );
      expect(errors).toBeUndefined();
      const { rows } = data as { rows: { nodes: Record<string, unknown>[] } };
      for (const row of rows.nodes)
        for (const { field, coordinate } of fields) {
          const value = row[field.name] as unknown[] | null;
          seen[value === null ? 'unknown' : value.length > 0 ? 'filled' : 'empty'].add(coordinate);
        }
    }
    expect([...seen.empty].filter((coordinate) => reasonOf(coordinate) === undefined)).toEqual([]);
    for (const coordinate of [
      'Work.honours',
      'Project.owners',
      'Work.makers',
      'Policy.subjects',
      'Park.recognitions',
    ])
      expect([seen.filled.has(coordinate), seen.unknown.has(coordinate)], coordinate).toEqual([true, true]);
  });
});
