import { setting } from '../lib/setting.ts';
import { positiveNumber } from '../lib/setting-kinds.ts';

export const settings = {
  relationLimits: {
    maxKeys: setting(
      'RELATION_KEYS',
      'The maximum number of keys that a condition or order on related data may carry between subgraphs. Beyond it, the list is null with an error.',
      positiveNumber,
      '100000',
    ),
    maxDepth: setting(
      'RELATION_DEPTH',
      'The maximum number of relations in a row in such a condition or order. Beyond it, the list is null with an error.',
      positiveNumber,
      '5',
    ),
  },
};
