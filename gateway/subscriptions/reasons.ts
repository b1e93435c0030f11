import { HubError } from '@wenshu/schema/errors.ts';
import { Refusal } from '../request/refusal.ts';

// Why a subscription is refused or ends. Clients read the code; a client that comes back gives its last cursor.

export const tooManySubscriptions = (limit: number) =>
  new Refusal(
    'TOO_MANY_SUBSCRIPTIONS',
    `There are ${limit} open subscriptions, as many as are allowed. Close one, or select several things in one subscription.`,
    { limit, messageZh: `打开的订阅已达上限 ${limit} 个。请先关闭一个,或合并订阅。` },
    { 'retry-after': '10' },
  );

export const badCursor = () =>
  new Refusal('BAD_USER_INPUT', 'The cursor after which the subscription goes on is not one of this hub.', {
    messageZh: '续订所给的游标不是本系统的游标。',
  });

export const notByGet = () =>
  new Refusal(
    'METHOD_NOT_ALLOWED',
    'A mutation is sent by POST.',
    { messageZh: '变更操作须以 POST 发送。' },
    { allow: 'POST' },
  );

export const slowReader = () =>
  new HubError(
    'SLOW_READER',
    'Events came faster than they were read. Subscribe again after the last cursor, and read faster or select less.',
    { messageZh: '事件到达快于读取,订阅已结束。请从最后的游标续订,并加快读取或减少所选内容。' },
  );

export const schemaChanged = () =>
  new HubError(
    'SCHEMA_CHANGED',
    'The graph has changed, and the subscription is not valid any more. Look at the schema, and subscribe again.',
    { messageZh: '图的结构已变更,该订阅不再有效。请查看新的结构后重新订阅。' },
  );

export const subscriptionEnded = () =>
  new HubError(
    'SUBSCRIPTION_ENDED',
    'Your rights have changed while the subscription was open. Subscribe again to receive what you may see now.',
    { messageZh: '订阅期间您的权限已变更。请重新订阅,以接收现在可见的内容。' },
  );
