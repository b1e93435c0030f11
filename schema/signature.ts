import { createHmac, createSecretKey, hash, type KeyObject, randomUUID, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Caller, PurposeOfUse } from './caller.ts';
import { HubError } from './errors.ts';

/*
 * How a gateway shows to a subgraph that a call is its own, and for whom it asks: HTTP Message Signatures
 * (RFC 9421) by HMAC-SHA-256, over a Content-Digest (RFC 9530) that stands for the body.
 *
 * The standard lets each signature choose what it covers, in which order and by which algorithm; here all of
 * that is fixed, and a signature of any other form is refused. So no sender can leave something out, and no
 * parser of structured fields stands before the check.
 */

/** Who asks, and what for; nothing of it where the gateway serves everybody alike. */
export type Asker = {
  readonly caller?: Caller;
  readonly purposeOfUse?: PurposeOfUse;
  /** The snapshot of the subgraph's database that is read, by its id: all calls of an export see the same rows. */
  readonly snapshot?: string;
  /** For logs; it is not signed, and decides nothing. */
  readonly requestId?: string;
};

export type SigningKey = { readonly id: string; readonly secret: KeyObject };

/** Keys that are valid: the first signs, all verify. Two of them make a rotation without a gap. */
export type KeyRing = readonly [SigningKey, ...SigningKey[]];

/** What of a call is signed besides its body, as both sides of the connection see it. */
type Head = { readonly method: string; readonly target: string; readonly contentType: string };

export type UnsignedCall = Head & { readonly body: string };

/** A call as `node:http` reads it. */
export type ReceivedCall = {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly headers: IncomingHttpHeaders;
};

/** What a signature vouches for, but for the body, which need not have been read yet. */
export type SignedHead = {
  readonly asker: Asker;
  /** When it was signed, in seconds since 1970. */
  readonly created: number;
  /** Made anew for each call. */
  readonly nonce: string;
  covers(body: Buffer): boolean;
};

/** How far the clocks of signer and verifier, with the time between them, may be apart, in seconds. */
export const signatureWindow = 30;

/** The header that says who asks: base64url of the JSON of an `Asker`. */
export const askerHeader = 'x-wenshu-caller';

const leastSecretBytes = 32;
const keyText = new RegExp(`^([\\w-]{1,64}):([!-+\\--~]{${leastSecretBytes},})$`);

/** The rule of `parseKeyRing`, for people. */
export const keyRingRule = `must be like id:secret or id:secret,id:secret, each id another and each secret of at least ${leastSecretBytes} characters of ASCII`;

/** Reads `id:secret,id:secret`; undefined where it is none. */
export function parseKeyRing(text: string): KeyRing | undefined {
  const keys = text.split(',').map((part) => {
    const [, id = '', secret = ''] = keyText.exec(part) ?? [];
    return { id, secret };
  });
  const ids = new Set(keys.map(({ id }) => id));
  if (ids.has('') || ids.size < keys.length) return undefined;
  const [first, ...others] = keys.map(({ id, secret }) => ({
    id,
    secret: createSecretKey(Buffer.from(secret)),
  }));
  return first && [first, ...others];
}

/**
 * The headers that sign a call to the subgraph `audience` for who asks. Each call is signed anew, also one that
 * is sent once more: the subgraph takes a signature once.
 */
export function signCall(
  [{ id, secret }]: KeyRing,
  audience: string,
  call: UnsignedCall,
  { caller, purposeOfUse, snapshot }: Asker,
  nowMs = Date.now(),
): Record<string, string> {
  const covered = {
    ...call,
    digest: digestOf(call.body),
    asker: Buffer.from(JSON.stringify({ caller: toldOf(caller), purposeOfUse, snapshot })).toString(
      'base64url',
    ),
  };
  const created = Math.floor(nowMs / 1000);
  const parameters = `${components};created=${created};nonce="${randomUUID()}";keyid="${id}";${fixed(audience)}`;
  return {
    'content-digest': covered.digest,
    [askerHeader]: covered.asker,
    'signature-input': `wenshu=${parameters}`,
    signature: `wenshu=:${hmac(secret, covered, parameters).toString('base64')}:`,
  };
}

/** What a key opens is decided by the gateway, and too long for a header. */
function toldOf(caller: Caller | undefined): Caller | undefined {
  if (caller?.kind !== 'partner') return caller;
  const { approvals, ...told } = caller;
  return told;
}

/**
 * Checks the signature of a call to the subgraph `audience`, all but its body. Throws UNAUTHENTICATED, with a
 * reason for operators: a gateway does not pass it on.
 */
export function verifyCall(
  keys: KeyRing,
  audience: string,
  { method = '', url: target = '', headers }: ReceivedCall,
  nowMs = Date.now(),
): SignedHead {
  const input = one(headers['signature-input']);
  const given = one(headers.signature);
  if (!input || !given) throw unauthenticated('This subgraph answers only calls that its gateway signed.');

  const [, parameters = '', time, nonce = '', keyId, ending] = inputForm.exec(input) ?? [];
  const [, signature = ''] = signatureForm.exec(given) ?? [];
  if (ending !== fixed(audience) || !signature) {
    throw unauthenticated(`The signature is not of the form that subgraph "${audience}" takes.`);
  }
  const key = keys.find(({ id }) => id === keyId);
  if (!key) throw unauthenticated('The call is signed with a key that is not, or no longer, valid here.');

  const covered = {
    method,
    target,
    contentType: one(headers['content-type']),
    digest: one(headers['content-digest']),
    asker: one(headers[askerHeader]),
  };
  const expected = hmac(key.secret, covered, parameters);
  if (!timingSafeEqual(expected, Buffer.from(signature, 'base64'))) {
    throw unauthenticated('The signature is not that of this call.');
  }
  const created = Number(time);
  if (Math.abs(Math.floor(nowMs / 1000) - created) > signatureWindow) {
    throw unauthenticated(
      `The call was not signed within ${signatureWindow} s of now. Compare the clocks of both machines.`,
    );
  }
  return {
    asker: JSON.parse(Buffer.from(covered.asker, 'base64url').toString()),
    created,
    nonce,
    covers: (body) => digestOf(body) === covered.digest,
  };
}

export const unauthenticated = (reason: string) => new HubError('UNAUTHENTICATED', reason);

const components = `("@method" "@request-target" "content-type" "content-digest" "${askerHeader}")`;

/** The tag keeps a call to one subgraph from passing at another that has the same keys. */
const fixed = (audience: string) => `alg="hmac-sha256";tag="wenshu-${audience}"`;

const inputForm = new RegExp(
  `^wenshu=(${components.replace(/[()]/g, '\\$&')};created=(\\d{1,12});nonce="([\\da-f-]{36})";keyid="([\\w-]{1,64})";(alg=.*))$`,
);

/** 32 bytes of base64: what the comparison in constant time takes for granted. */
const signatureForm = /^wenshu=:([A-Za-z\d+/]{43}=):$/;

type Covered = Head & { readonly digest: string; readonly asker: string };

/** Over the signature base of RFC 9421 §2.5. No value can hold a line break: HTTP has none in them. */
const hmac = (
  secret: KeyObject,
  { method, target, contentType, digest, asker }: Covered,
  parameters: string,
) =>
  createHmac('sha256', secret)
    .update(
      `"@method": ${method}\n"@request-target": ${target}\n"content-type": ${contentType}\n` +
        `"content-digest": ${digest}\n"${askerHeader}": ${asker}\n"@signature-params": ${parameters}`,
    )
    .digest();

const digestOf = (body: string | Buffer) => `sha-256=:${hash('sha256', body, 'base64')}:`;

const one = (header: string | string[] | undefined) => (typeof header === 'string' ? header : '');
