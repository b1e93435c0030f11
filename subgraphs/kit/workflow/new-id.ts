import { randomUUID } from 'node:crypto';
import { syntheticPrefix } from '@wenshu/schema/synthetic.ts';

/** Returns the id of a new object, which is synthetic if what it is about is. */
export const newId = (prefix: string, synthetic: boolean): string =>
  `${synthetic ? syntheticPrefix : ''}${prefix}-${randomUUID()}`;
