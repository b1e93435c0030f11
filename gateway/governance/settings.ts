import { setting } from '../lib/setting.ts';
import { path } from '../lib/setting-kinds.ts';

export const settings = {
  policiesFile: setting(
    'POLICIES',
    'File that says who meets each @policy of the supergraph, as {"NAME": {"roles": ["editor"], "scopes": []}}.',
    path,
  ),
};
