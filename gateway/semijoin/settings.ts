import { setting } from '../lib/setting.ts';
import { positiveNumber } from '../lib/setting-kinds.ts';

export const settings = {
  relationLimits: {
    maxKeys: setting(
      'RELATION_KEYS',
      'How many keys a condition or order on something related may carry from one subgraph to another.',
      positiveNumber,
      '100000',
    ),
    maxDepth: setting(
      'RELATION_DEPTH',
      'How many relations such a condition or order may lead over.',
      positiveNumber,
      '5',
    ),
  },
};
