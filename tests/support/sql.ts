import postgres from 'postgres';

/** The rows that one statement answers, under the address's own login. */
export async function ask(url: string, statement: string): Promise<Record<string, unknown>[]> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    return [...(await sql.unsafe(statement))];
  } finally {
    await sql.end();
  }
}

/** Returns the server's reason for refusing a statement. */
export const refusalOf = (url: string, statement: string): Promise<string> =>
  ask(url, statement).then(
    () => 'nothing: it was carried out',
    (error: Error) => error.message,
  );
