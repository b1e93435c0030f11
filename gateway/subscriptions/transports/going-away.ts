import type { GraphQLFormattedError } from 'graphql';
import { inAskedLanguage } from '../../request/language.ts';

/** Returns the error that tells a client to come back, for transports that have no other way to say so. */
export const goingAway = (headers: ReadonlyMap<string, string>): GraphQLFormattedError =>
  inAskedLanguage(
    {
      message: 'This gateway stops. Connect again, and go on after your last cursor.',
      extensions: { code: 'GOING_AWAY', messageZh: '本网关即将停止。请重新连接,并从您最后的游标处继续。' },
    },
    headers,
  );
