import { Refusal } from '../../request/refusal.ts';

export const tooManyOperations = (most: number) =>
  new Refusal(
    'TOO_MANY_SUBSCRIPTIONS',
    `This connection has reached its limit of ${most} operations at a time.`,
    {
      messageZh: `此连接上同时进行的操作已达上限(${most} 个)。`,
    },
  );
