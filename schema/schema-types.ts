import { readFileSync } from 'node:fs';
import { commonSdl, folderOf, memberNames, ownSdl, subgraphSdl } from './subgraph-sdl.ts';
import { inputNamesOf, schemaTypesOf } from './write-schema-types.ts';

/** A checked-in file that is made from the SDL. */
export interface GeneratedFile {
  readonly file: URL;
  readonly text: string;
}

/** Returns the types of the resolvers of each member, and of what all members share. */
export function schemaTypeFiles(): GeneratedFile[] {
  const common = `${commonSdl('parks')}\ntype Query { _: Boolean }`;
  const members = memberNames.map((name) => ({ name, own: ownSdl(name), whole: subgraphSdl(name) }));
  return [
    {
      file: new URL('../subgraphs/kit/schema-types.ts', import.meta.url),
      text: schemaTypesOf({
        own: readFileSync(new URL('common.graphql', import.meta.url), 'utf8'),
        whole: common,
        kit: './typed-resolvers.ts',
        inputs: members.flatMap(inputNamesOf),
      }),
    },
    ...members.map(({ name, own, whole }) => ({
      file: new URL('schema-types.ts', folderOf(name)),
      text: schemaTypesOf({
        own,
        whole,
        kit: '@wenshu/kit/typed-resolvers.ts',
        shared: { module: '@wenshu/kit/schema-types.ts', sdl: common },
      }),
    })),
  ];
}
