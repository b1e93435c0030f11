import { setting } from '../lib/setting.ts';
import { duration, positiveDuration } from '../lib/setting-kinds.ts';

export const settings = {
  planTimeoutMs: setting(
    'PLAN_TIMEOUT',
    'How long planning an operation may take; one that takes longer is refused for ten minutes.',
    duration,
    '5s',
  ),
  planBudgetMs: setting(
    'PLAN_BUDGET',
    'How long planning new operations of one person or key may take in a minute.',
    positiveDuration,
    '10s',
  ),
};
