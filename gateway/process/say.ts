/** Prints a line for a person at the terminal. */
export type Say = (line: string) => void;
