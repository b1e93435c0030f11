import { type Label, labelIn } from '@wenshu/schema/labels.ts';
import { readMember, subgraphSdl } from '@wenshu/schema/subgraph-sdl.ts';
import { Kind, parse } from 'graphql';

/** Labels by the name of an enum and its value. */
type Labels = ReadonlyMap<string, ReadonlyMap<string, Label>>;

let read: Labels | undefined;

/** Returns the label of a value of an enum, from its description in the schema; the value itself if it has none. */
export function labelOf(enumName: string, value: string): { readonly zh: string; readonly en: string } {
  read ??= readLabels();
  const { zh, en } = read.get(enumName)?.get(value) ?? {};
  return { zh: zh ?? value, en: en ?? value };
}

function readLabels(): Labels {
  const { definitions } = parse(subgraphSdl(readMember('policies', new URL('./', import.meta.url))), {
    noLocation: true,
  });
  return new Map(
    definitions
      .filter((each) => each.kind === Kind.ENUM_TYPE_DEFINITION)
      .map(({ name, values = [] }) => [
        name.value,
        new Map(values.map((each) => [each.name.value, labelIn(each.description?.value)])),
      ]),
  );
}
