import postgres from 'postgres';

/** Asks a gateway for an export, and gives all of its answer. */
export async function exportFrom(
  url: string,
  body: Readonly<Record<string, unknown>>,
  headers: Readonly<Record<string, string>> = {},
) {
  const response = await fetch(`${url}/export`, {
    method: 'POST',
    headers: { connection: 'close', 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

/** Puts enterprises into the database of a hub, so many that an export has several pages. */
export async function addEnterprises(databaseUrl: string, count: number): Promise<void> {
  const sql = postgres(databaseUrl, { max: 1 });
  try {
    await sql`
      insert into enterprises.enterprises (id, name_zh, name_en, kind)
      select 'ent-test-' || lpad(i::text, 5, '0'), '企业' || i, 'Enterprise ' || i, 'ENTERPRISE'
      from generate_series(1, ${count}::int) as i`;
  } finally {
    await sql.end();
  }
}
