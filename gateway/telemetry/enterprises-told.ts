/** How many enterprises a record names; an answer that tells of more is in bulk. */
export const mostNamed = 100;

/** The enterprises of which one answer tells what is not for everybody, as they come by. */
export class EnterprisesTold {
  readonly #ids = new Set<string>();
  #isInBulk = false;

  add(id: string): void {
    if (this.#isInBulk) return;
    this.#ids.add(id);
    if (this.#ids.size > mostNamed) this.addAll();
  }

  /** Of more than are named, or of nobody knows which. */
  addAll(): void {
    this.#isInBulk = true;
    this.#ids.clear();
  }

  /** Their ids in the order of the answer, null in bulk, undefined where there are none. */
  get ids(): readonly string[] | null | undefined {
    if (this.#isInBulk) return null;
    return this.#ids.size > 0 ? [...this.#ids] : undefined;
  }
}
