import type { Department } from '@wenshu/schema/caller.ts';

/** The access that an active agreement grants to a department. */
export type Grant = {
  readonly agreementId: string;
  /** Coordinates, such as `Park.tenants`. */
  readonly fields: readonly string[];
  /** The code of the region to which the grant is limited, including the regions within it. */
  readonly region?: string;
  /** The id of the park to which the grant is limited. */
  readonly park?: string;
  /** 用途: the purpose for which the department may use the fields. */
  readonly purpose: string;
  /** The end of the grant, in milliseconds since 1970. */
  readonly endsAt: number;
};

/** The agreements in force, as this process knows them. */
export type Agreements = {
  /**
   * Returns the grants of a department at a time in milliseconds since 1970. The array stays the same while nothing
   * changes.
   */
  activeFor(department: Department, at: number): readonly Grant[];
  /** A number that changes whenever the grants in force change, also when one ends. */
  readonly version: number;
};

export type AgreementsInMemory = Agreements & {
  /** Replaces all known grants. The version stays if the grants are the same. */
  replace(grants: ReadonlyMap<Department, readonly Grant[]>): void;
};

/** Creates agreements in memory, which are as new as the last call of `replace`. */
export function keepAgreements(now: () => number = Date.now): AgreementsInMemory {
  let known: ReadonlyMap<Department, readonly Grant[]> = new Map();
  let seen = textOf(known);
  let nextEnd = Number.POSITIVE_INFINITY;
  let version = 0;

  const take = (grants: ReadonlyMap<Department, readonly Grant[]>) => {
    const at = now();
    known = new Map([...grants].map(([department, each]) => [department, inForce(each, at)]));
    nextEnd = Math.min(...[...known.values()].flat().map(({ endsAt }) => endsAt));
    const text = textOf(known);
    if (text !== seen) version++;
    seen = text;
  };

  return {
    activeFor: (department, at) => inForce(known.get(department) ?? none, at),
    get version() {
      if (now() >= nextEnd) take(known);
      return version;
    },
    replace: take,
  };
}

const none: readonly Grant[] = [];

const inForce = (grants: readonly Grant[], at: number) =>
  grants.every(({ endsAt }) => endsAt > at) ? grants : grants.filter(({ endsAt }) => endsAt > at);

const textOf = (grants: ReadonlyMap<Department, readonly Grant[]>) =>
  JSON.stringify([...grants].filter(([, each]) => each.length > 0).sort());
