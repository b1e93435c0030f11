import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import type { DatabaseName } from './database-names.ts';

export const roleOf = (name: DatabaseName) => `wenshu_${name}`;

/**
 * Returns the address with which a member logs in to the administrator's database. Its password is derived from the administrator's, so
 * that separate processes agree on it without storing it; the derivation cannot be reversed. If the administrator needs no password
 * (trust, peer), the role needs none.
 */
export function roleUrl(adminUrl: string, name: DatabaseName): string {
  const url = new URL(adminUrl);
  url.username = roleOf(name);
  url.password = url.password && rolePassword(adminUrl, name);
  return url.href;
}

/** Returns SQL that creates the role or sets its password, and lets it read and write its schema only. */
export function roleSql(adminUrl: string, name: DatabaseName): string {
  const role = roleOf(name);
  const password = new URL(adminUrl).password ? `'${scramVerifier(rolePassword(adminUrl, name))}'` : 'NULL';
  return `
    DO $$ BEGIN
      CREATE ROLE ${role} LOGIN NOINHERIT;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
    END $$;
    ALTER ROLE ${role} WITH PASSWORD ${password};
    ALTER ROLE ${role} SET search_path = ${name};
    REVOKE ALL ON SCHEMA ${name} FROM PUBLIC;
    GRANT USAGE ON SCHEMA ${name} TO ${role};
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${name} TO ${role};
    REVOKE ALL ON TABLE ${name}.migrations FROM ${role};
    GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA ${name} TO ${role};
    ALTER DEFAULT PRIVILEGES IN SCHEMA ${name} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO ${role};
    ALTER DEFAULT PRIVILEGES IN SCHEMA ${name} GRANT USAGE, SELECT ON SEQUENCES TO ${role};`;
}

function rolePassword(adminUrl: string, name: DatabaseName): string {
  const adminPassword = decodeURIComponent(new URL(adminUrl).password);
  return createHmac('sha256', adminPassword).update(roleOf(name)).digest('base64url');
}

/** Returns the SCRAM verifier of a password (RFC 5803), so that the password itself never reaches the server's log. */
function scramVerifier(password: string): string {
  const iterations = 4096;
  const salt = randomBytes(16);
  const salted = pbkdf2Sync(password, salt, iterations, 32, 'sha256');
  const hmac = (text: string) => createHmac('sha256', salted).update(text).digest();
  const storedKey = createHash('sha256').update(hmac('Client Key')).digest('base64');
  const serverKey = hmac('Server Key').toString('base64');
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${storedKey}:${serverKey}`;
}
