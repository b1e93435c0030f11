/** Tells a person at the terminal what goes on. */
export type Say = (line: string) => void;
