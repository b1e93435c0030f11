import { type Mass, riskOf, suppressedTotals } from '@wenshu/enterprises/disclosure.ts';
import type { Line } from '@wenshu/kit/suppression.ts';
import { describe, expect, it } from 'vitest';

/** The mass of units that reported these values of one figure. */
const of = (...values: number[]): Mass => ({
  units: values.length,
  figures: [
    {
      whole: BigInt(values.reduce((sum, value) => sum + value, 0)),
      largest: BigInt(Math.max(...values)),
    },
  ],
});

describe('a total', () => {
  it.each([
    ['of two units', of(50, 50), 'TOO_FEW_UNITS'],
    ['of three', of(30, 30, 40), null],
    ['of which one unit has 85 %', of(85, 10, 5), null],
    ['of which one unit has more', of(86, 9, 5), 'DOMINANT_UNIT'],
    ['of zeros', of(0, 0, 0), null],
  ])('%s: %s', (_what, mass, reason) => {
    expect(riskOf(mass)).toBe(reason);
  });
});

describe('what is withheld', () => {
  const reasonsOf = (cells: Record<string, Mass>, lines: Line[]) =>
    Object.fromEntries(suppressedTotals(new Map(Object.entries(cells)), lines));

  it('is nothing where no figure reveals too much', () => {
    expect(
      reasonsOf({ all: of(1, 1, 1, 1, 1, 1), a: of(1, 1, 1), b: of(1, 1, 1) }, [
        { total: 'all', parts: ['a', 'b'] },
      ]),
    ).toEqual({});
  });

  it('is the smallest part beside one that could be had by subtraction', () => {
    expect(
      reasonsOf({ all: of(1, 1, 1, 1, 1, 1, 1, 1), a: of(1, 1, 1, 1), b: of(1, 1, 1), c: of(1) }, [
        { total: 'all', parts: ['a', 'b', 'c'] },
      ]),
    ).toEqual({ c: 'TOO_FEW_UNITS', b: 'COMPLEMENTARY' });
  });

  it('is as many parts as it takes to cover one that dominates the others', () => {
    expect(
      reasonsOf({ all: of(80, 5, 5, 5, 5, 5, 5, 5), a: of(5, 5, 5, 5), b: of(5, 5, 5), c: of(80) }, [
        { total: 'all', parts: ['a', 'b', 'c'] },
      ]),
    ).toEqual({ c: 'TOO_FEW_UNITS', b: 'COMPLEMENTARY' });
    expect(
      reasonsOf({ all: of(90, 3, 3, 3, 3, 3, 3, 3), a: of(3, 3, 3, 3), b: of(3, 3, 3), c: of(90) }, [
        { total: 'all', parts: ['a', 'b', 'c'] },
      ]),
    ).toEqual({ c: 'TOO_FEW_UNITS', b: 'COMPLEMENTARY', a: 'COMPLEMENTARY' });
  });

  it('is two parts that together are safe, and no third', () => {
    expect(
      reasonsOf({ all: of(1, 1, 1, 1, 1, 1, 1), a: of(1, 1, 1), b: of(1, 1), c: of(1, 1) }, [
        { total: 'all', parts: ['a', 'b', 'c'] },
      ]),
    ).toEqual({ b: 'TOO_FEW_UNITS', c: 'TOO_FEW_UNITS' });
  });

  it('is everything below a withheld total, whose parts would add up to it', () => {
    expect(
      reasonsOf(
        {
          all: of(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1),
          big: of(1, 1, 1, 1, 1, 1, 1, 1, 1, 1),
          one: of(1),
          x: of(1, 1, 1, 1, 1),
          y: of(1, 1, 1, 1, 1),
        },
        [
          { total: 'big', parts: ['x', 'y'] },
          { total: 'all', parts: ['big', 'one'] },
        ],
      ),
    ).toEqual({
      one: 'TOO_FEW_UNITS',
      big: 'COMPLEMENTARY',
      x: 'COMPLEMENTARY',
      y: 'COMPLEMENTARY',
    });
  });
});
