import postgres from 'postgres';

/** The rows that one statement answers, under the address's own login. */
export async function ask(url: string, statement: string): Promise<Record<string, unknown>[]> {
  const sql = postgres(url, { max: 1, fetch_types: false, onnotice: () => {} });
  try {
    return [...(await sql.unsafe(statement))];
  } finally {
    await sql.end();
  }
}

/** Returns the server's reason for refusing a statement. */
export const refusalOf = (url: string, statement: string): Promise<string> => refusal(ask(url, statement));

/** The same on a connection that stays: it costs more to open one than to be refused. */
export const refusalOn = (sql: postgres.Sql, statement: string): Promise<string> =>
  refusal(sql.unsafe(statement));

const refusal = (asked: Promise<unknown>) =>
  asked.then(
    () => 'nothing: it was carried out',
    (error: Error) => error.message,
  );
