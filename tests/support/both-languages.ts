import { expect } from 'vitest';

type Errors = { readonly errors?: readonly { readonly extensions?: Readonly<Record<string, unknown>> }[] };

/** Returns an answer, after a check that each of its errors has a Chinese message. */
export function inBothLanguages<Body>(body: Body): Body {
  for (const error of (body as Errors | undefined)?.errors ?? []) {
    const messageZh = error.extensions?.messageZh;
    if (typeof messageZh !== 'string' || !/\p{Script=Han}/u.test(messageZh)) {
      throw new Error(`An error has no Chinese message: ${JSON.stringify(error)}`);
    }
  }
  return body;
}

/** Returns true for two values that differ only in a `messageZh` that one of them leaves out. */
function equalButForChinese(
  this: { equals(a: unknown, b: unknown, testers?: unknown[]): boolean },
  one: unknown,
  other: unknown,
): boolean | undefined {
  if (!isObject(one) || !isObject(other) || 'messageZh' in one === 'messageZh' in other) return undefined;
  // Undefined leaves other differences to the matcher, which may look for a part only.
  return this.equals(withoutChinese(one), withoutChinese(other), [equalButForChinese]) || undefined;
}

const withoutChinese = ({ messageZh: _, ...rest }: Record<string, unknown>) => rest;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !('asymmetricMatch' in value);

// Tests compare whole answers. They name the Chinese message of an error where it matters; that there is one is checked
// for each answer, above.
expect.addEqualityTesters([equalButForChinese]);
