/** Masks a value: a text keeps its first character, any other value becomes null. */
export const mask = (value: unknown): unknown =>
  typeof value === 'string' && value.length > 0
    ? `${[...value][0]}${'*'.repeat([...value].length - 1)}`
    : null;
