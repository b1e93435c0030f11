/**
 * Declares a nullable column as filled: the graph promises a value, but the table cannot express it. If the value is missing all the same,
 * the field is null with an error and the other fields are still shown.
 */
export const given = <Value>(column: Value | null): Value => column as Value;
