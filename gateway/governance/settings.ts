import { type Owners, ownersRule, parseOwners } from '@wenshu/schema/owners.ts';
import { type Kind, setting } from '../lib/setting.ts';
import { path } from '../lib/setting-kinds.ts';

const owners: Kind<Owners> = {
  parse: (text) => (text === '' ? new Map() : parseOwners(text)),
  rule: (text) => `${ownersRule}; not "${text}"`,
};

export const settings = {
  owners: setting(
    'OWNERS',
    'Which department owns data in this city, where it is not the one in the schema, like PARTY_BUILDING:SOCIAL_WORK: a duty or a department, and the department that owns its data here (docs/access.md).',
    owners,
    '',
  ),
  policiesFile: setting(
    'POLICIES',
    'The file that lists who satisfies each @policy of the supergraph, like {"NAME": {"roles": ["editor"], "scopes": []}}. Nobody satisfies a policy that it does not list.',
    path,
  ),
};
