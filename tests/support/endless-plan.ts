import type { TestSubgraph } from './federation.ts';

/** Each further level of `next` takes the planner some hundred times as long: so many, years. */
export const endless = (() => {
  const things = (fields: string) => `
    interface Thing { id: ID! ${fields} }
    ${[...'ABCDEFGH'].map((type) => `type ${type} implements Thing @key(fields: "id") { id: ID! ${fields} }`).join('\n')}`;
  const subgraphs: Record<string, TestSubgraph> = {
    links: {
      sdl: `type Query { thing: Thing } ${things('next: Thing')}`,
      answer: () => ({ data: { thing: null } }),
    },
    names: { sdl: things('name: String'), answer: () => ({ data: null }) },
  };
  return {
    subgraphs,
    operation: `{ thing ${'{ name next '.repeat(8)} { name } ${'}'.repeat(8)} }`,
  };
})();
