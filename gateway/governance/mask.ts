/** A value in the form that its owner gives to those who may not see it: of a text its first character, of all else nothing. */
export const mask = (value: unknown): unknown =>
  typeof value === 'string' && value.length > 0
    ? `${[...value][0]}${'*'.repeat([...value].length - 1)}`
    : null;
