import type { Words } from './errors.ts';

const characters = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const weights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];

const valuesOf = (code: string) => [...code].map((character) => characters.indexOf(character));

/** Returns the check character for the first 17 characters of a unified social credit code (GB 32100-2015, clause 5). */
export function creditCodeCheckCharacter(body: string): string {
  const sum = valuesOf(body).reduce((total, value, i) => total + value * (weights[i] ?? 0), 0);
  return characters.charAt((31 - (sum % 31)) % 31);
}

const organisationWeights = [3, 7, 9, 10, 5, 8, 4, 2];

/** Returns the check character for the first 8 characters of an organisation code (GB 11714). */
export function organisationCheckCharacter(body: string): string {
  const sum = [...body].reduce(
    (total, character, i) => total + Number.parseInt(character, 36) * (organisationWeights[i] ?? 0),
    0,
  );
  const check = (11 - (sum % 11)) % 11;
  return check === 10 ? 'X' : String(check);
}

/** Returns what is wrong with a unified social credit code (GB 32100-2015), as a sentence; `undefined` for a valid code. */
export function creditCodeProblem(code: string): Words | undefined {
  if (code.length !== 18) {
    return {
      message: `A credit code has 18 characters; "${code}" has ${code.length}.`,
      messageZh: `统一社会信用代码为 18 位;“${code}”为 ${code.length} 位。`,
    };
  }
  if (valuesOf(code).includes(-1)) {
    return {
      message: `"${code}" has a character that credit codes do not use (I, O, S, V and Z are left out).`,
      messageZh: `“${code}”含有统一社会信用代码不使用的字符(不用 I、O、S、V、Z)。`,
    };
  }
  const expected = creditCodeCheckCharacter(code.slice(0, 17));
  if (code.charAt(17) !== expected) {
    return {
      message: `The check character of "${code}" should be ${expected}. Look for a mistyped character.`,
      messageZh: `“${code}”的校验码应为 ${expected}。请检查是否输错字符。`,
    };
  }
  return undefined;
}
