import { badInput } from '@wenshu/schema/errors.ts';
import { labelIn } from '@wenshu/schema/labels.ts';
import type { GraphQLEnumType, GraphQLEnumValue } from 'graphql';
import type { Catalogue } from './catalogue.ts';
import type { EnumLabel } from './rows.ts';

/**
 * Returns the labels of an enum's values, from the descriptions of the schema. A caller who may see only open data gets the enums and
 * values that open data uses; another enum is as unknown as one that does not exist.
 */
export function enumLabels(catalogue: Catalogue, type: string, onlyOpen: boolean): readonly EnumLabel[] {
  const found = catalogue.enumType(type);
  if (!found || (onlyOpen && !isInOpenData(catalogue, found))) {
    throw badInput('type', `The schema has no enum "${type}".`, `没有名为“${type}”的枚举类型。`);
  }
  const isShown = ({ name }: GraphQLEnumValue) =>
    !onlyOpen || (catalogue.itemOf(`${type}.${name}`)?.open ?? true);
  return found.getValues().filter(isShown).map(labelOf);
}

const isInOpenData = ({ items }: Catalogue, { name }: GraphQLEnumType): boolean =>
  items.some(({ open, type }) => open && type.replaceAll(/[[\]!]/g, '') === name);

function labelOf({ name: value, description }: GraphQLEnumValue): EnumLabel {
  const { zh: labelZh, en: labelEn } = labelIn(description);
  return { value, labelZh, labelEn };
}
