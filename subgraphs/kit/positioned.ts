/**
 * An event of a subscription's resolver. `position` says where it stands: a subscription that is opened after it goes on without a gap.
 * It has at most 1,000 printable ASCII characters. An event without `value` only tells how far the stream has come.
 */
export type Positioned<Value> = {
  readonly position?: string | undefined;
  readonly value?: Value | undefined;
};

const form = /^[\x21-\x7e]{1,1000}$/;

/** Returns a position that can stand on a line of a stream. Throws if it is none. */
export function checkedPosition(position: string): string {
  if (form.test(position)) return position;
  throw new Error('A position has 1 to 1,000 printable ASCII characters.');
}
