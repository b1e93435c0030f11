import { readFileSync } from 'node:fs';
import {
  type MemberName,
  type MemberSdl,
  memberNames,
  readMember,
  sharedSdl,
  subgraphSdl,
} from './subgraph-sdl.ts';
import { inputNamesOf, schemaTypesOf } from './write-schema-types.ts';

/** The folders of the members and of the kit, where their SDL is read and their types are written. */
export type Folders = Readonly<Record<MemberName | 'kit', URL>>;

/** A checked-in file that is made from the SDL. */
export interface GeneratedFile {
  readonly file: URL;
  readonly text: string;
}

/** Reads all members. */
export const readMembers = (folders: Folders): readonly MemberSdl[] =>
  memberNames.map((name) => readMember(name, folders[name]));

/** Returns the types of the resolvers of each member, and of what all members share. */
export function schemaTypeFiles(folders: Folders): GeneratedFile[] {
  const common = `${sharedSdl()}\ntype Query { _: Boolean }`;
  const members = readMembers(folders).map((member) => ({
    name: member.name,
    own: member.ownSdl,
    whole: subgraphSdl(member),
  }));
  return [
    {
      file: new URL('schema-types.ts', folders.kit),
      text: schemaTypesOf({
        own: readFileSync(new URL('common.graphql', import.meta.url), 'utf8'),
        whole: common,
        kit: './typed-resolvers.ts',
        inputs: members.flatMap(inputNamesOf),
      }),
    },
    ...members.map(({ name, own, whole }) => ({
      file: new URL('schema-types.ts', folders[name]),
      text: schemaTypesOf({
        own,
        whole,
        kit: '@wenshu/kit/typed-resolvers.ts',
        shared: { module: '@wenshu/kit/schema-types.ts', sdl: common },
      }),
    })),
  ];
}
