import { setting } from '../lib/setting.ts';
import { path } from '../lib/setting-kinds.ts';

export const settings = {
  policiesFile: setting(
    'POLICIES',
    'The file that lists who satisfies each @policy of the supergraph, like {"NAME": {"roles": ["editor"], "scopes": []}}. Nobody satisfies a policy that it does not list.',
    path,
  ),
};
