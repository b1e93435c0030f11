import type { Department } from '@wenshu/schema/caller.ts';

/** How many enterprises a record names; an answer that tells of more is in bulk. */
export const mostNamed = 100;

/** The enterprises of which one answer tells what is not for everybody, as they come by, and whose data tells of them. */
export class DisclosedEnterprises {
  readonly #all = new Named();
  readonly #byOwner = new Map<Department, Named>();

  /** An enterprise of which data of these departments tell. */
  add(id: string, owners: readonly Department[]): void {
    this.#all.add(id);
    for (const owner of owners) this.#of(owner).add(id);
  }

  /** Data of these departments tell of more than are named, or of nobody knows which. */
  addAll(owners: readonly Department[]): void {
    this.#all.addAll();
    for (const owner of owners) this.#of(owner).addAll();
  }

  /** Their ids in the order of the answer, null in bulk, undefined where there are none. */
  get ids(): readonly string[] | null | undefined {
    return this.#all.ids;
  }

  /** The same for each department whose data tell of any; undefined where there is none. */
  get byOwner(): Readonly<Record<string, readonly string[] | null>> | undefined {
    if (this.#byOwner.size === 0) return undefined;
    return Object.fromEntries([...this.#byOwner].map(([owner, { ids = [] }]) => [owner, ids]));
  }

  #of(owner: Department): Named {
    let named = this.#byOwner.get(owner);
    if (!named) {
      named = new Named();
      this.#byOwner.set(owner, named);
    }
    return named;
  }
}

class Named {
  readonly #ids = new Set<string>();
  #isInBulk = false;

  add(id: string): void {
    if (this.#isInBulk) return;
    this.#ids.add(id);
    if (this.#ids.size > mostNamed) this.addAll();
  }

  addAll(): void {
    this.#isInBulk = true;
    this.#ids.clear();
  }

  get ids(): readonly string[] | null | undefined {
    if (this.#isInBulk) return null;
    return this.#ids.size > 0 ? [...this.#ids] : undefined;
  }
}
