import type { Transition, WorkflowTable } from '@wenshu/kit/workflow/table.ts';
import { type Department, type Role, roles } from '@wenshu/schema/caller.ts';
import type { Official } from './callers.ts';

/** Somebody who tries the actions of a workflow. */
export type Person = {
  readonly official: Official;
  /** The relations that the person's agency has to each object. */
  readonly relations: readonly string[];
  readonly isInRegion: boolean;
};

export type Cases = {
  readonly departments: readonly Department[];
  /** The agency of each relation. An agency may have several; `none` is added. */
  readonly agencies: Readonly<Record<string, readonly string[]>>;
  /** The region of the objects, and one elsewhere. */
  readonly region: string;
  readonly elsewhere: string;
};

/** Returns everybody: each department × role × agency × region. */
export const peopleOf = ({ departments, agencies, region, elsewhere }: Cases): readonly Person[] =>
  departments.flatMap((department) =>
    roles.flatMap((role) =>
      [undefined, ...Object.keys(agencies)].flatMap((agency) =>
        [undefined, region, elsewhere].map((limit) => ({
          official: {
            department,
            role,
            sub: `${department}-${role}-${agency}-${limit}`,
            ...(agency && { agency }),
            ...(limit && { region: limit }),
          },
          relations: agency ? (agencies[agency] ?? []) : [],
          isInRegion: limit !== elsewhere,
        })),
      ),
    ),
  );

/** Returns the actions that the table gives a person in a stage, said once more in the words of the table. */
export const expectedActions = (
  { transitions }: WorkflowTable,
  { official, relations, isInRegion }: Person,
  stage: string,
  conditions: readonly string[],
): readonly string[] => [
  ...new Set(
    transitions
      .filter(
        (each) =>
          isInRegion &&
          each.from.includes(stage) &&
          (each.when === undefined || conditions.includes(each.when)) &&
          isBy(each, official, relations),
      )
      .map(({ action }) => action),
  ),
];

const isBy = ({ by }: Transition, { department, role }: Official, relations: readonly string[]) =>
  by.some(
    (actor) =>
      actor.key === undefined &&
      !actor.system &&
      (actor.department ?? department) === department &&
      (actor.roles?.includes(role as Role) ?? true) &&
      (actor.as === undefined || relations.includes(actor.as)),
  );
