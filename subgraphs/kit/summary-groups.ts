import { badInput } from '@wenshu/schema/errors.ts';

const maxGroups = 1_000;

type Grouped<Group> = { readonly groups: readonly Group[] };

/** Fields of a summary: how many groups it has, and the first of them. */
export const summaryFields = {
  groupCount: ({ groups }: Grouped<unknown>) => groups.length,
  groups<Group>({ groups }: Grouped<Group>, { first }: { readonly first: number }): readonly Group[] {
    if (first < 1 || first > maxGroups) {
      throw badInput(
        'first',
        `"first" must be from 1 to ${maxGroups}, not ${first}.`,
        `“first”须为 1 至 ${maxGroups},不能是 ${first}。`,
      );
    }
    return groups.slice(0, first);
  },
};
