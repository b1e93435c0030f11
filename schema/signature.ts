import { createHmac, createSecretKey, hash, type KeyObject, randomUUID, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Caller, PurposeOfUse } from './caller.ts';
import { HubError } from './errors.ts';

/*
 * Signature of a call: it proves to a subgraph that the gateway made the call, and for which caller. It uses HTTP Message Signatures (RFC
 * 9421) with HMAC-SHA-256, over a Content-Digest (RFC 9530) of the body.
 *
 * The standard lets each signature choose what it covers, in which order and with which algorithm. Here all of that is fixed, and any
 * other form is refused. So no sender can leave a part unsigned, and no parser of structured fields runs before the check.
 */

/** The caller and its purpose of use; empty if the gateway serves everybody alike. */
export type Asker = {
  readonly caller?: Caller;
  readonly purposeOfUse?: PurposeOfUse;
  /** Id of the database snapshot to read. All calls of an export read the same rows. */
  readonly snapshot?: string;
  /** Request id for logs. It is not signed and decides nothing. */
  readonly requestId?: string;
};

export type SigningKey = { readonly id: string; readonly secret: KeyObject };

/** Valid keys: the first one signs, all verify. Two keys allow a rotation without a gap. */
export type KeyRing = readonly [SigningKey, ...SigningKey[]];

/** Parts of a call that are signed besides its body; both sides of the connection see the same. */
type Head = { readonly method: string; readonly target: string; readonly contentType: string };

export type UnsignedCall = Head & { readonly body: string };

/** A call as `node:http` gives it. */
export type ReceivedCall = {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly headers: IncomingHttpHeaders;
};

/** Verified content of a signature, except for the body, which need not have been read yet. */
export type SignedHead = {
  readonly asker: Asker;
  /** Time of the signature, in seconds since 1970. */
  readonly created: number;
  /** Unique for each call. */
  readonly nonce: string;
  covers(body: Buffer): boolean;
};

/** Maximum age of a signature in seconds. It covers the difference between the two clocks and the time of the transfer. */
export const signatureWindow = 30;

/** Header with the caller: base64url of the JSON of an `Asker`. */
export const askerHeader = 'x-wenshu-caller';

const leastSecretBytes = 32;
const keyText = new RegExp(`^([\\w-]{1,64}):([!-+\\--~]{${leastSecretBytes},})$`);

/** Rule of `parseKeyRing`, as text for operators. */
export const keyRingRule = `must be like id:secret or id:secret,id:secret, each id another and each secret of at least ${leastSecretBytes} characters of ASCII`;

/** Parses `id:secret,id:secret`; returns undefined for any other text. */
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
 * Returns the headers that sign a call to the subgraph `audience` for its caller. A call that is repeated is signed again, because the
 * subgraph accepts each signature once.
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
    asker: Buffer.from(JSON.stringify({ caller: withoutApprovals(caller), purposeOfUse, snapshot })).toString(
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

/** Drops the approvals of a key: the gateway decides by them, and they are too long for a header. */
function withoutApprovals(caller: Caller | undefined): Caller | undefined {
  if (caller?.kind !== 'partner') return caller;
  const { approvals, ...rest } = caller;
  return rest;
}

/**
 * Verifies the signature of a call to the subgraph `audience`, except for its body. Throws UNAUTHENTICATED with a reason for operators;
 * the gateway does not pass the reason on to callers.
 */
export function verifyCall(
  keys: KeyRing,
  audience: string,
  { method = '', url: target = '', headers }: ReceivedCall,
  nowMs = Date.now(),
): SignedHead {
  const input = one(headers['signature-input']);
  const given = one(headers.signature);
  if (!input || !given)
    throw unauthenticated(
      'This subgraph answers only calls that its gateway signed.',
      '本子图只答复由其网关签名的调用。',
    );

  const [, parameters = '', time, nonce = '', keyId, ending] = inputForm.exec(input) ?? [];
  const [, signature = ''] = signatureForm.exec(given) ?? [];
  if (ending !== fixed(audience) || !signature) {
    throw unauthenticated(
      `The signature is not of the form that subgraph "${audience}" takes.`,
      `签名不符合子图“${audience}”要求的形式。`,
    );
  }
  const key = keys.find(({ id }) => id === keyId);
  if (!key) {
    throw unauthenticated(
      'The call is signed with a key that is not, or no longer, valid here.',
      '调用所用的签名密钥在此无效或已失效。',
    );
  }

  const covered = {
    method,
    target,
    contentType: one(headers['content-type']),
    digest: one(headers['content-digest']),
    asker: one(headers[askerHeader]),
  };
  const expected = hmac(key.secret, covered, parameters);
  if (!timingSafeEqual(expected, Buffer.from(signature, 'base64'))) {
    throw unauthenticated('The signature is not that of this call.', '签名与本次调用不符。');
  }
  const created = Number(time);
  if (Math.abs(Math.floor(nowMs / 1000) - created) > signatureWindow) {
    throw unauthenticated(
      `The call was not signed within ${signatureWindow} s of now. Compare the clocks of both machines.`,
      `调用的签名时间与现在相差超过 ${signatureWindow} 秒。请核对两台机器的时钟。`,
    );
  }
  return {
    asker: JSON.parse(Buffer.from(covered.asker, 'base64url').toString()),
    created,
    nonce,
    covers: (body) => digestOf(body) === covered.digest,
  };
}

export const unauthenticated = (reason: string, messageZh: string) =>
  new HubError('UNAUTHENTICATED', reason, { messageZh });

const components = `("@method" "@request-target" "content-type" "content-digest" "${askerHeader}")`;

/** Fixed parameters of a signature. The tag prevents that a call to one subgraph passes at another one with the same keys. */
const fixed = (audience: string) => `alg="hmac-sha256";tag="wenshu-${audience}"`;

const inputForm = new RegExp(
  `^wenshu=(${components.replace(/[()]/g, '\\$&')};created=(\\d{1,12});nonce="([\\da-f-]{36})";keyid="([\\w-]{1,64})";(alg=.*))$`,
);

/** Form of a signature: 32 bytes as base64. The comparison in constant time needs this length. */
const signatureForm = /^wenshu=:([A-Za-z\d+/]{43}=):$/;

type Covered = Head & { readonly digest: string; readonly asker: string };

/** Signs the signature base of RFC 9421 §2.5. No value can contain a line break, because HTTP has none in headers. */
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
