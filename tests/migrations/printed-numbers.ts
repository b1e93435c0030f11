const digits: Readonly<Record<string, number>> = {
  〇: 0,
  零: 0,
  一: 1,
  二: 2,
  两: 2,
  三: 3,
  四: 4,
  五: 5,
  六: 6,
  七: 7,
  八: 8,
  九: 9,
};
const scales: Readonly<Record<string, number>> = { 十: 10, 百: 100, 千: 1_000 };
const powers: Readonly<Record<string, number>> = { 万: 10_000, 亿: 100_000_000 };

const number =
  /(?:\d[\d,]*(?:\.\d+)?|[〇零一二两三四五六七八九十百千]+|(?<=[超近过])(?=[万亿]))[多余]?[十百千]?[万亿]*/g;

/** Returns all numbers in a Chinese text: 1.3万, 2300多万, 百余, 六, 亿 after 过. */
export const numbersIn = (text: string): readonly number[] =>
  [...text.matchAll(number)].map(([printed]) => valueOfPrinted(printed));

/** Returns the first number in a text; undefined if there is none. */
export const numberAtStart = (text: string): number | undefined => numbersIn(text)[0];

/** Returns the value of one number as printed. */
function valueOfPrinted(printed: string): number {
  const text = printed.replaceAll(/[多余,]/g, '');
  const power = [...text].reduce((product, sign) => product * (powers[sign] ?? 1), 1);
  const rest = text.replaceAll(/[万亿]/g, '');
  if (rest === '') return power;
  const [decimal = '', scale] = rest.match(/^[\d.]+|[十百千]$/g) ?? [];
  if (/^\d/.test(rest)) return Number(decimal) * (scale ? (scales[scale] ?? 1) : 1) * power;
  return valueOfWords(rest) * power;
}

/** Returns the value of a number in characters: 十二, 三百. */
function valueOfWords(words: string): number {
  let sum = 0;
  let digit: number | undefined;
  for (const sign of words) {
    const scale = scales[sign];
    if (scale === undefined) digit = digits[sign];
    else {
      sum += (digit ?? 1) * scale;
      digit = undefined;
    }
  }
  return sum + (digit ?? 0);
}
