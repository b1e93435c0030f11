/** A question for a hidden row or an absent row, by its variable. */
export type HiddenCase = { readonly what: string; readonly query: string; idOf(which: Which): string };
export type Which = 'hidden' | 'absent';

const event =
  '{ id nameZh venue { nameZh region { nameZh } } participants { participant { ... on Enterprise { nameZh } } } }';
const policy = '{ id nameZh issuers { ... on Enterprise { nameZh } } measures { titleZh } }';
const tenancy = '{ nameZh park { nameZh region { nameZh } } }';
const inspected = '{ nameZh inspections(first: 20) { totalCount nodes { method findings { titleZh } } } }';

const asking = (what: string, prefix: string, field: string, selection: string, suffix = ''): HiddenCase => ({
  what,
  query: `query Asked($id: ID!) { ${field}(id: $id) ${selection} }`,
  idOf: (which) => `${prefix}-${which}${suffix}`,
});

export const hiddenCases: readonly HiddenCase[] = [
  asking('a planned inspection, by id', 'evt', 'event', event),
  asking('a planned inspection, by reference', 'ins', 'inspection', `{ id campaign ${event} }`),
  asking('a draft, by id', 'pol', 'policy', policy),
  asking('a draft, by reference', 'work', 'work', `{ id supportPolicy ${policy} }`),
  asking('a measure of a draft, by id', 'pol', 'measure', `{ id titleZh policy ${policy} }`, '-m1'),
  asking('a tenancy outside of the agreement, by id', 'ent', 'enterprise', tenancy),
  asking(
    'a tenancy outside of the agreement, by reference',
    'call',
    'openCall',
    `{ titleZh claimant ${tenancy} }`,
  ),
  asking('a field that is shown of some rows, by id', 'ent', 'enterprise', inspected),
  asking(
    'a field that is shown of some rows, by reference',
    'call',
    'openCall',
    `{ titleZh claimant ${inspected} }`,
  ),
];
