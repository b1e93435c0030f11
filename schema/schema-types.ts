import { readFileSync } from 'node:fs';
import { commonSdl, folderOf, ownSdl, subgraphNames, subgraphSdl } from './subgraph-sdl.ts';
import { schemaTypesOf } from './write-schema-types.ts';

/** A checked-in file that is made from the SDL. */
export interface GeneratedFile {
  readonly file: URL;
  readonly text: string;
}

/** The types of the resolvers of each subgraph, and of what all subgraphs share. */
export const schemaTypeFiles = (): GeneratedFile[] => [
  {
    file: new URL('../subgraphs/kit/schema-types.ts', import.meta.url),
    text: schemaTypesOf({
      own: readFileSync(new URL('common.graphql', import.meta.url), 'utf8'),
      whole: `${commonSdl('parks')}\ntype Query { _: Boolean }`,
      kit: './typed-resolvers.ts',
    }),
  },
  ...subgraphNames.map((name) => ({
    file: new URL('schema-types.ts', folderOf(name)),
    text: schemaTypesOf({
      own: ownSdl(name),
      whole: subgraphSdl(name),
      kit: '@wenshu/kit/typed-resolvers.ts',
    }),
  })),
];
