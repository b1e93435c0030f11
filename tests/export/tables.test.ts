import { expect, it } from 'vitest';
import { startHub } from '../support/hub.ts';

it('try', async () => {
  await using hub = await startHub({ way: 'over HTTP' });
  const ask = async (body: object) => {
    const response = await fetch(`${hub.url}/export`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', connection: 'close' },
      body: JSON.stringify(body),
    });
    return {
      status: response.status,
      type: response.headers.get('content-type'),
      text: await response.text(),
    };
  };
  console.log(
    await ask({
      query:
        '{ enterprises(filter: {nameZh: {contains: "影"}}) { nodes { id nameZh foundedOn aliases updatedAt registeredCapital park { nameZh } } } }',
      marks: true,
    }),
  );
  console.log(await ask({ query: '{ parks { nodes { id nameZh } } }', marks: true }));
  console.log(await ask({ query: '{ parks { nodes { id nameZh } } }', explain: true }));
  console.log(await ask({ query: '{ park(id: "park-sunhe-52") { nameZh } }' }));
  console.log(
    await ask({
      query:
        '{ region(code: "110105") { parks { edges { node { id nameZh operator { __typename ... on Enterprise { nameZh } } } } } } }',
      format: 'csv',
    }),
  );
  console.log(await ask({ query: '{ region(code: "110105") { parks { nodes { id x } } } }' }));
  console.log(await ask({ query: '{ a: parks { nodes { id } } b: parks { nodes { id } } }' }));
});
