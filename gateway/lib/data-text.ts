/**
 * The `data` of an answer as JSON text, which goes into the response unchanged (see response/stringify.ts). `toJSON`
 * returns it as values.
 */
export class DataText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toJSON(): unknown {
    return JSON.parse(this.text);
  }
}
