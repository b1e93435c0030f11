import { readFileSync } from 'node:fs';
import { composedFiles } from '@wenshu/schema/compose.ts';
import { buildSchema, isEnumType } from 'graphql';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startHub, type TestHub } from '../support/hub.ts';

const query = 'query ($type: String!) { enumLabels(type: $type) { value labelZh labelEn } }';
type Label = { readonly value: string; readonly labelZh: string | null; readonly labelEn: string | null };

let hub: TestHub;
beforeAll(async () => {
  hub = await startHub({ graph: 'control plane', keys: true });
});
afterAll(() => hub[Symbol.asyncDispose]());

it('gives the labels of an enum in both languages, in the order of the schema', async () => {
  expect(await hub.as('FINANCE').ask(query, { type: 'ProjectStageStatus' })).toEqual({
    data: {
      enumLabels: [
        { value: 'DONE', labelZh: '已完成或已达到', labelEn: 'Done or reached' },
        { value: 'BASICALLY_DONE', labelZh: '基本完成', labelEn: 'Basically done' },
        { value: 'IN_PROGRESS', labelZh: '进行中', labelEn: 'In progress' },
        { value: 'NEXT', labelZh: '下一步', labelEn: 'The next step' },
        { value: 'LATER', labelZh: '再下一步', labelEn: 'A step after the next one' },
      ],
    },
  });
});

it.each(['Nothing', 'Park', '__proto__'])('refuses %s, which is no enum', async (type) => {
  expect(await hub.as('FINANCE').ask(query, { type })).toEqual({
    data: { enumLabels: null },
    errors: [
      expect.objectContaining({
        message: `The schema has no enum "${type}".`,
        path: ['enumLabels'],
        extensions: expect.objectContaining({ code: 'BAD_USER_INPUT', argument: 'type' }),
      }),
    ],
  });
});

it('gives a partner the enums of open data, and no other', async () => {
  const { secret } = await hub.issue({ scopes: ['Park'] });
  const ask = (type: string) => hub.ask(query, { type }, { 'x-api-key': secret });
  expect((await ask('ParkKind')).data?.enumLabels).toContainEqual({
    value: 'AV_BASE',
    labelZh: expect.stringMatching(/\p{Script=Han}/u),
    labelEn: expect.any(String),
  });
  expect((await ask('InspectionMethod')).errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
});

it('has a label in both languages for every value of every enum', async () => {
  const schema = buildSchema(readFileSync(composedFiles.api, 'utf8'));
  const enums = Object.values(schema.getTypeMap()).filter(
    (type) => isEnumType(type) && !type.name.startsWith('__'),
  );
  expect(enums.length).toBeGreaterThan(100);
  const asked = enums.map(({ name }) => `${name}: enumLabels(type: "${name}") { value labelZh labelEn }`);
  const { data } = await hub.as('FINANCE').ask(`{ ${asked.slice(0, 60).join(' ')} }`);
  const { data: others } = await hub.as('FINANCE').ask(`{ ${asked.slice(60).join(' ')} }`);
  const without = Object.entries({ ...data, ...others } as Record<string, readonly Label[]>).flatMap(
    ([type, labels]) =>
      labels
        .filter(({ labelZh, labelEn }) => !/\p{Script=Han}/u.test(labelZh ?? '') || !labelEn)
        .map(({ value }) => `${type}.${value}`),
  );
  expect(without).toEqual([]);
});
