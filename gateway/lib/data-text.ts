/**
 * The `data` of an answer, already as JSON text: so it goes into the response as it is
 * (see response/stringify.ts). Whoever needs values gets them by `toJSON`.
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
