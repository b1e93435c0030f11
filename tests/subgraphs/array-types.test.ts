import { connect } from '@wenshu/kit/connect.ts';
import { sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { readableDatabase } from '../support/database.ts';

test('arrays arrive in Postgres as they were given, and come back so', async () => {
  const { db, close } = connect({ url: readableDatabase().urls.parks, maxConnections: 1 });
  const odd = ['', 'a,b', '{c}', '"', '\\', '\\"', 'NULL', '两 行\n', ' x '];
  const rows = await db.execute(
    sql`select ${sql.param(odd)}::text[] as odd, array_length(${sql.param(odd)}::text[], 1) as length,
      ${sql.param([])}::text[] as none, array['a', null] as nulls, array[1, -2] as numbers, array[true, false] as flags,
      ${sql.param(['1', '2'])}::int[] as given`,
  );
  expect([...rows]).toEqual([
    {
      odd,
      length: odd.length,
      none: [],
      nulls: ['a', null],
      numbers: [1, -2],
      flags: [true, false],
      given: [1, 2],
    },
  ]);
  await close();
});
