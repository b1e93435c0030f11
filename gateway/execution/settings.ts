import { setting } from '../lib/setting.ts';
import { positiveNumber } from '../lib/setting-kinds.ts';

export const settings = {
  operationsKept: setting(
    'OPERATIONS_KEPT',
    'The maximum number of operations whose plans stay in memory. The gateway plans further operations again.',
    positiveNumber,
    '1000',
  ),
};
