import { setting } from '../lib/setting.ts';
import { onOrOff } from '../lib/setting-kinds.ts';

export const settings = {
  graphiql: setting(
    'GRAPHIQL',
    'Turns the page at /graphiql on (1) or off (0). Without it, the page is on, but off with NODE_ENV=production.',
    onOrOff,
  ),
};
