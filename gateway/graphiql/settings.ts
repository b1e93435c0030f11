import { setting } from '../lib/setting.ts';
import { onOrOff } from '../lib/setting-kinds.ts';

export const settings = {
  graphiql: setting(
    'GRAPHIQL',
    'Whether there is a page at /graphiql: 1 or 0 (default: 1, and 0 with NODE_ENV=production).',
    onOrOff,
  ),
};
