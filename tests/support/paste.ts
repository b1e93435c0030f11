import { runCommandHere } from './cli.ts';

/** A token of the development key in the data folder that `env` names. */
export async function makeToken(
  env: Readonly<Record<string, string>>,
  args: readonly string[] = ['--department', 'PROPAGANDA', '--role', 'viewer'],
): Promise<string> {
  const { code, output } = await runCommandHere(['token', ...args], env);
  if (code !== 0) throw new Error(output);
  return output;
}

/**
 * What a person gets who pastes a curl command of ours, with its `$(npx wenshu token …)`, into a terminal with `env`;
 * from the hub at `origin` where it is not the one that the command names.
 */
export async function paste(
  command: string,
  env: Readonly<Record<string, string>>,
  origin?: string,
): Promise<unknown> {
  const part = (pattern: RegExp) => {
    const [, found] = pattern.exec(command) ?? [];
    if (found === undefined) throw new Error(`There is no ${pattern} in: ${command}`);
    return found;
  };
  const url = new URL(part(/(http:\S+)/));
  const named = /\$\(WENSHU_DATA=(\S+) /.exec(command)?.[1];
  const token = await makeToken(
    named === undefined ? env : { ...env, WENSHU_DATA: named },
    part(/authorization: Bearer \$\((?:WENSHU_DATA=\S+ )?npx wenshu token ([^)]*)\)"/).split(' '),
  );
  const response = await fetch(origin ? new URL(url.pathname, origin) : url, {
    method: 'POST',
    headers: { 'content-type': part(/'content-type: ([^']*)'/), authorization: `Bearer ${token}` },
    body: part(/-d '(.*)'/),
  });
  return await response.json();
}
