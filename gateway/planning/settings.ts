import { setting } from '../lib/setting.ts';
import { duration, positiveDuration } from '../lib/setting-kinds.ts';

export const settings = {
  planTimeoutMs: setting(
    'PLAN_TIMEOUT',
    'The time limit for planning an operation. An operation that takes longer is refused for ten minutes.',
    duration,
    '5s',
  ),
  planBudgetMs: setting(
    'PLAN_BUDGET',
    'The time that planning new operations of one person or key may take in a minute. Further new operations get 429.',
    positiveDuration,
    '10s',
  ),
};
