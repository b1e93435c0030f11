/** Returns `part` of `whole` in percent with two decimals. */
export function percent(part: number, whole: number, rounding: 'down' | 'half up' | 'up'): string {
  const [numerator, denominator] = [BigInt(part) * 10_000n, BigInt(whole)];
  const rest = numerator % denominator;
  const isUp = rounding === 'up' ? rest > 0n : rounding === 'half up' && 2n * rest >= denominator;
  const hundredths = numerator / denominator + (isUp ? 1n : 0n);
  return `${hundredths / 100n}.${String(hundredths % 100n).padStart(2, '0')}`;
}
