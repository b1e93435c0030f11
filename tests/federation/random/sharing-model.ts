import type { Department, DepartmentCaller, PartnerCaller } from '@wenshu/schema/caller.ts';
import { type RowSharing, type Sharing, shareClasses, type TypeSharing } from '@wenshu/schema/sharing.ts';
import fc from 'fast-check';
import { type GraphQLOutputType, getNullableType, isListType, isNonNullType } from 'graphql';

/** The rules of sharing as one would tell them, over the small city: slow, plain, and without any of the hub's code. */
export type Row = Readonly<Record<string, unknown>>;

export const purpose = 'inspection';
const owners: readonly Department[] = ['PROPAGANDA', 'MARKET_REGULATION'];
const departments: readonly Department[] = ['PROPAGANDA', 'CULTURE_TOURISM', 'STATISTICS'];

export type Caller = DepartmentCaller | PartnerCaller;

const department = (each: Department, others: { region?: string } = {}): Caller => ({
  kind: 'department',
  department: each,
  role: 'viewer',
  user: 'somebody',
  ...others,
});
const partner = (
  scopes: readonly string[],
  enterpriseId?: string,
  fields: readonly string[] = [],
  approving: readonly Department[] = [...departments, ...owners],
): Caller => ({
  kind: 'partner',
  keyId: 'k1',
  partner: 'somebody',
  isTest: false,
  scopes,
  regions: [],
  ...(enterpriseId !== undefined && {
    enterpriseId,
    approvals: approving.map((each) => ({ department: each, agreement: each, fields })),
  }),
});
const types = ['Agency', 'Enterprise', 'Event', 'Park', 'Plan', 'Size'];

export const callersOf = (coordinates: readonly string[]): readonly Caller[] => [
  ...departments.map((each) => department(each)),
  department('PROPAGANDA', { region: '370200' }),
  partner(types, 'e1', coordinates),
  partner(['Enterprise', 'Park.id'], 'e2', coordinates),
  // Every other field came into the graph after its key was approved.
  partner(
    types,
    'e1',
    coordinates.filter((_each, i) => i % 2 === 0),
  ),
  partner(types, 'e1', coordinates, ['PROPAGANDA']),
  partner(types),
];

const entities = ['Agency', 'Enterprise', 'Event', 'Park'];
const waysTo: Readonly<Record<string, readonly string[]>> = { Size: ['Park.size'], Plan: ['Size.plan'] };
/** What an object of the city cannot be without. */
const heldBy: Readonly<Record<string, { field: string; typeName: string }>> = {
  Enterprise: { field: 'licensedBy', typeName: 'Agency' },
};

const anyRowSharing = (...conditions: RowSharing['where'][]) =>
  fc.option(
    fc.record({
      where: fc.constantFrom(...conditions),
      class: fc.constantFrom(...shareClasses),
      jointly: fc.constantFrom(...departments),
    }),
    { nil: undefined },
  );

/** Who owns what, and what was agreed. Most is unconditional, so that something is left to see. */
export const anyRules = (coordinates: readonly string[]) => {
  const all = { minLength: coordinates.length, maxLength: coordinates.length };
  return fc.record({
    classes: fc.array(
      fc.constantFrom(...shareClasses, 'UNCONDITIONAL' as const, 'UNCONDITIONAL' as const),
      all,
    ),
    owners: fc.array(fc.constantFrom(...owners), all),
    open: fc.array(fc.boolean(), all),
    keeper: fc.constantFrom(...owners),
    rows: fc.record({
      Enterprise: anyRowSharing(
        [{ field: 'kind', in: ['STATE'] }],
        [
          { field: 'kind', in: ['STATE', 'PRIVATE'] },
          { field: 'capital', isNull: true },
        ],
        [{ field: 'capital', isNull: false }],
      ),
      Agency: anyRowSharing([{ field: 'title', isNull: true }], [{ field: 'title', isNull: false }]),
    }),
    grants: fc.array(
      fc.record({
        department: fc.constantFrom(...departments),
        fields: fc.subarray([...coordinates]),
        park: fc.option(fc.constantFrom('p0', 'p1'), { nil: undefined }),
        purpose: fc.constantFrom(purpose, 'statistics'),
      }),
      { maxLength: 4 },
    ),
  });
};

export type Rules = ReturnType<typeof anyRules> extends fc.Arbitrary<infer Value> ? Value : never;

export const sharingOf = (rules: Rules, coordinates: readonly string[]): ReadonlyMap<string, Sharing> =>
  new Map(
    coordinates.map((coordinate, i) => {
      const sharingClass = rules.classes[i] ?? 'WITHHELD';
      const open = sharingClass === 'UNCONDITIONAL' && (rules.open[i] ?? false);
      return [
        coordinate,
        { class: sharingClass, owner: rules.owners[i] ?? 'PROPAGANDA', open, masked: false },
      ];
    }),
  );

export const typeSharing = ({ rows, keeper }: Rules, typeName: string): TypeSharing => {
  const own = rows[typeName as keyof typeof rows];
  return { keeper, ...(own && { rows: own }), ...(typeName === 'Enterprise' && { enterpriseId: ['id'] }) };
};

/** Of which rows something holds; undefined: of none, whatever the rows are. */
type Holds = ((row: Row) => boolean) | undefined;

const always: Holds = () => true;
const when = (condition: boolean): Holds => (condition ? always : undefined);
const allOf = (...parts: readonly Holds[]): Holds =>
  parts.includes(undefined) ? undefined : (row) => parts.every((part) => part?.(row));
const anyOf = (...parts: readonly Holds[]): Holds =>
  parts.every((part) => part === undefined) ? undefined : (row) => parts.some((part) => part?.(row));

/** What a caller may see of the city. */
export function sightOf(rules: Rules, coordinates: readonly string[], caller: Caller) {
  const sharing = sharingOf(rules, coordinates);
  const active = rules.grants.filter(
    (grant) =>
      caller.kind === 'department' && grant.department === caller.department && grant.purpose === purpose,
  );
  const isConditional = (coordinate: string) => sharing.get(coordinate)?.class !== 'UNCONDITIONAL';
  const isPartBehind = (typeName: string, holds: (way: string) => boolean) =>
    waysTo[typeName]?.every(holds) ?? false;

  const isKept = (typeName: string, row: Row) =>
    typeSharing(rules, typeName).rows?.where.every(({ field, in: values, isNull }) =>
      values ? values.includes(row[field] as string) : (row[field] === null) === isNull,
    ) ?? false;

  const holdsFor = (coordinate: string): Holds => {
    const own = sharing.get(coordinate);
    const [typeName = ''] = coordinate.split('.');
    if (!own) return always;
    const { rows, keeper } = typeSharing(rules, typeName);
    if (caller.kind === 'partner') {
      const isInScope = caller.scopes.includes(typeName) || caller.scopes.includes(coordinate);
      const asOwn =
        caller.enterpriseId === undefined || own.class === 'WORK_SECRET'
          ? undefined
          : typeName === 'Enterprise'
            ? (row: Row) => row.id === caller.enterpriseId
            : when(isPartBehind(typeName, (way) => !sharing.get(way)?.open));
      const approves = (each: Department | undefined) =>
        caller.approvals?.some(
          ({ department, fields }) => department === each && fields.includes(coordinate),
        ) ?? false;
      const isOther = rows !== undefined && rows.class !== 'UNCONDITIONAL';
      const inOthers = [own.owner, keeper, rows?.jointly].every(approves);
      const approved = allOf(
        when(own.open || approves(own.owner)),
        isOther && !inOthers ? (row) => !isKept(typeName, row) : always,
      );
      const isOpen = (row: Row) => rows?.class === 'UNCONDITIONAL' || !isKept(typeName, row);
      return anyOf(allOf(when(own.open && isInScope), isOpen), allOf(approved, asOwn));
    }
    // No type of the city has a region.
    const confined = when(caller.region === undefined || isPartBehind(typeName, isConditional));
    const granted = anyOf(
      ...active
        .filter(({ fields }) => fields.includes(coordinate))
        .map(({ park }) => {
          const isLimitedAlike = (way: string) =>
            isConditional(way) &&
            sharing.get(way)?.owner !== caller.department &&
            active.every((other) => !other.fields.includes(way) || other.park === park);
          if (park === undefined) return confined;
          if (typeName === 'Park') return allOf(confined, (row) => row.id === park);
          if (typeName === 'Enterprise')
            return allOf(confined, (row) => (row.park as Row | null)?.id === park);
          return allOf(confined, when(isPartBehind(typeName, isLimitedAlike)));
        }),
    );
    const by = (shareClass: Sharing['class'], isOwn: boolean) => {
      if (shareClass === 'UNCONDITIONAL') return always;
      return isOwn ? confined : shareClass === 'CONDITIONAL' ? granted : undefined;
    };
    const ofField = by(own.class, own.owner === caller.department);
    if (!rows) return ofField;
    const isJoint = rows.jointly === caller.department;
    return anyOf(
      allOf(
        ofField,
        anyOf((row) => !isKept(typeName, row), by(rows.class, isJoint || keeper === caller.department)),
      ),
      allOf(when(isJoint && own.owner === keeper), (row) => isKept(typeName, row), confined),
    );
  };

  const coordinatesOf = (typeName: string) =>
    coordinates.filter((coordinate) => coordinate.startsWith(`${typeName}.`));

  const isShown = (typeName: string, row: Row): boolean => {
    const identity =
      entities.includes(typeName) && sharing.has(`${typeName}.id`)
        ? [`${typeName}.id`]
        : coordinatesOf(typeName);
    const known = anyOf(...identity.map(holdsFor)) ?? anyOf(...coordinatesOf(typeName).map(holdsFor));
    const held = heldBy[typeName];
    const { rows } = typeSharing(rules, typeName);
    const isOpenToKnow = rows === undefined || rows.class === 'UNCONDITIONAL' || !isKept(typeName, row);
    return (known?.(row) ?? isOpenToKnow) && (!held || isShown(held.typeName, row[held.field] as Row));
  };

  return {
    maySee: (coordinate: string, row: Row) => holdsFor(coordinate)?.(row) ?? false,
    /** A value without the rows that are left out: of lists they are gone, elsewhere null. A list that may be null is null without them. */
    withoutHidden: function withoutHidden(value: unknown, type: GraphQLOutputType): unknown {
      if (Array.isArray(value)) {
        const shown = value.filter((each) => !isRow(each) || isShown(each.__typename, each));
        if (shown.length === 0 && value.length > 0 && !isNonNullType(type)) return null;
        const list = getNullableType(type);
        return isListType(list) ? shown.map((each) => withoutHidden(each, list.ofType)) : shown;
      }
      return isRow(value) && !isShown(value.__typename, value) ? null : value;
    },
  };
}

/** Rows of the city say of which type they are; its parts do not. */
const isRow = (value: unknown): value is Row & { readonly __typename: string } =>
  typeof value === 'object' && value !== null && '__typename' in value;
