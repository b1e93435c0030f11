import { readFileSync } from 'node:fs';
import { readDataset } from '@wenshu/migrations/load/dataset.ts';
import { factOf, factsOfConditions } from '@wenshu/policies/facts.ts';
import { catalogueOf } from '@wenshu/schema/catalogue.ts';
import { composedFiles } from '@wenshu/schema/compose.ts';
import { expect, it } from 'vitest';

it('each fact of a condition belongs to the owner of the field that holds it', () => {
  const ownerOf = new Map(
    catalogueOf(readFileSync(composedFiles.supergraph, 'utf8')).map(({ coordinate, owner }) => [
      coordinate,
      owner,
    ]),
  );
  const held = Object.values(factsOfConditions).filter(({ heldIn }) => heldIn !== null);
  expect(held.map(({ heldIn, owner }) => [heldIn, owner])).toEqual(
    held.map(({ heldIn }) => [heldIn, ownerOf.get(heldIn ?? '')]),
  );
});

it('every condition of the dataset is on a fact that has a name', async () => {
  const { policies } = await readDataset(new URL('../../migrations/data/', import.meta.url));
  const fields = policies.flatMap(({ eligibility }) => eligibility.map(({ field }) => field));
  expect(fields.filter((field) => factOf(field).name.zh.includes(field))).toEqual([]);
});
