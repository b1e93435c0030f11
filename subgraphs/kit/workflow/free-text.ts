import { isDeepStrictEqual } from 'node:util';
import { HubError } from '@wenshu/schema/errors.ts';
import type { Context } from '../context.ts';

/** A problem of one input field. */
export type Problem = {
  /** Path of the input field, such as `input.noteZh`. */
  readonly path: string;
  readonly code: 'LENGTH' | 'PERSONAL_DATA' | 'MISSING' | 'DATE' | 'UNKNOWN' | 'VALUE' | 'DUPLICATE';
  readonly messageZh: string;
  readonly messageEn: string;
};

/** Length of free text in characters. */
const lengths = { least: 2, most: 2_000 } as const;

/**
 * Collects all problems of an input, so that its author is told them at once. With the context of a change, the names
 * that the gateway could not find are among them.
 */
export class Problems {
  readonly #all: Problem[] = [];

  constructor({ unknownNames = [] }: Pick<Context, 'unknownNames'> = {}) {
    for (const { path, id } of unknownNames) this.addUnknown(path, id);
  }

  /** Adds a problem; the same one of a field is told once. */
  add(path: string, code: Problem['code'], messageZh: string, messageEn: string): void {
    const problem = { path: `input.${path}`, code, messageZh, messageEn };
    if (this.#all.some((each) => isDeepStrictEqual(each, problem))) return;
    this.#all.push(problem);
  }

  /** Adds that an input field names something that is not there. */
  addUnknown = (path: string, id: string): void =>
    this.add(path, 'UNKNOWN', `“${id}”不存在。`, `"${id}" does not exist.`);

  /**
   * Checks free text: its length, and that it names no ID card and no mobile number. Returns it without outer spaces and without
   * characters that nobody sees.
   */
  text(path: string, given: string | null | undefined): string {
    const text = visible(given ?? '').trim();
    if ([...text].length < lengths.least || [...text].length > lengths.most) {
      this.add(
        path,
        'LENGTH',
        `须有 ${lengths.least} 至 ${lengths.most} 字。`,
        `The text must have ${lengths.least} to ${lengths.most} characters.`,
      );
    }
    if (hasPersonalData(text)) {
      this.add(
        path,
        'PERSONAL_DATA',
        '含有身份证号或手机号,请删去。',
        'The text holds an ID card number or a mobile number. Remove it.',
      );
    }
    return text;
  }

  /** Checks free text that may be left out. */
  optionalText = (path: string, given: string | null | undefined): string | null =>
    given === null || given === undefined ? null : this.text(path, given);

  /** Throws all problems: PERSONAL_DATA if there is no other kind, otherwise BAD_USER_INPUT. */
  throwIfAny(): void {
    if (this.#all.length === 0) return;
    const isPersonal = this.#all.every(({ code }) => code === 'PERSONAL_DATA');
    throw new HubError(
      isPersonal ? 'PERSONAL_DATA' : 'BAD_USER_INPUT',
      this.#all.map(({ path, messageEn }) => `${path}: ${messageEn}`).join(' '),
      {
        messageZh: this.#all.map(({ path, messageZh }) => `${path}:${messageZh}`).join(''),
        problems: this.#all,
      },
    );
  }
}

/** What people write between the digits of a number. A comma is not among them: it stands in amounts. */
const between = String.raw`[\s\p{Pd}.·•_]{0,2}`;

/** The ways in which the eleven digits of a mobile number are grouped. */
const groups = [
  [3, 4, 4],
  [4, 3, 4],
  [4, 4, 3],
  [3, 3, 5],
  [5, 6],
  Array.from<number>({ length: 11 }).fill(1),
];

/** Writes the digits of a mobile number, in groups. */
const grouped = (sizes: readonly number[]): string =>
  sizes.map((size) => String.raw`\d{${size}}`).join(between);

/** A mobile number of mainland China, also with a country code. */
const mobileNumber = new RegExp(
  String.raw`(?<!\d)(?:(?:\+|00)?86${between})?(?=1${between}[3-9])(?:${groups.map(grouped).join('|')})(?!\d)`,
  'u',
);

/** 17 digits and a check character, wherever they begin: one number may begin within another. */
const eighteenCharacters = new RegExp(
  String.raw`(?<!\d)(?=([1-9](?:${between}\d){16}${between}[\dX])(?!\d))`,
  'giu',
);

/** An ID card number by its form: region, date of birth, serial number, check character (GB 11643-1999). */
const idCardForm = /^\d{6}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dX]$/;

const chineseDigits = '零一二三四五六七八九';

/** Returns a text with every digit in ASCII, and with X for the signs that look like it. */
const inPlainDigits = (text: string): string =>
  visible(text)
    .normalize('NFKC')
    .replaceAll(/[×ХхχΧ✕]/g, 'X')
    .replaceAll('〇', '零')
    .replaceAll('幺', '一')
    .replaceAll(/[零一二三四五六七八九]/g, (digit) => String(chineseDigits.indexOf(digit)))
    .replaceAll(/\p{Nd}/gu, digitOf);

/** The digits of each script stand in a row of ten in Unicode, from a zero on. */
function digitOf(sign: string): string {
  let zero = sign.codePointAt(0) ?? 0;
  const code = zero;
  while (code - zero < 9 && /^\p{Nd}$/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
  return String(code - zero);
}

/** Returns a text without characters that nobody sees: control and format characters and lone surrogates. */
const visible = (text: string): string => text.replaceAll(/(?![\t\n])[\p{Cc}\p{Cf}\p{Cs}]/gu, '');

/** Whether a text holds a mobile number or an ID card number, in whatever digits and groups. */
export function hasPersonalData(text: string): boolean {
  const plain = inPlainDigits(text);
  return (
    mobileNumber.test(plain) ||
    [...plain.matchAll(eighteenCharacters)].some(([, number = '']) => isIdCard(withoutBetween(number)))
  );
}

const withoutBetween = (number: string) => number.replaceAll(/[^\dX]/gi, '').toUpperCase();

const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/** Whether the form and the check character fit, by GB 11643-1999. */
const isIdCard = (number: string) =>
  idCardForm.test(number) &&
  '10X98765432'[weights.reduce((sum, weight, at) => sum + weight * Number(number[at]), 0) % 11] ===
    number.at(-1);
