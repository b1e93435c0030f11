import type { Department } from '@wenshu/schema/caller.ts';
import { labelOf } from './labels.ts';

/** A text in Chinese and in English. */
export interface Words {
  readonly zh: string;
  readonly en: string;
}

/** A fact that conditions test: how it is called, where it is in the graph, and whose it is. */
export interface FactOfCondition {
  readonly name: Words;
  /** Coordinate of the field that holds it; null if no department keeps it. */
  readonly heldIn: string | null;
  /** The department that owns it; null if none does. */
  readonly owner: Department | null;
  /** Says that a subject has these values. */
  readonly says: (values: Words) => Words;
  /** Returns what a value is called. */
  readonly label: (value: string) => Words;
}

const asIs = (value: string): Words => ({ zh: value, en: value });
const ofEnum = (name: string) => (value: string) => labelOf(name, value);

/** Facts by the field of a condition. `tests/contract/matching.test.ts` compares their owners with the schema. */
export const factsOfConditions: Readonly<Record<string, FactOfCondition>> = {
  'enterprise.regionCode': {
    name: { zh: '企业所在地区', en: 'region' },
    heldIn: 'Enterprise.region',
    owner: 'MARKET_REGULATION',
    says: ({ zh, en }) => ({ zh: `位于${zh}`, en: `It lies in ${en}` }),
    label: asIs,
  },
  'enterprise.tier': {
    name: { zh: '梯度培育称号', en: 'growth tiers' },
    heldIn: 'Enterprise.tiers',
    owner: 'PROPAGANDA',
    says: ({ zh, en }) => ({ zh: `持有${zh}称号`, en: `It holds the tier ${en}` }),
    label: ofEnum('Tier'),
  },
  'enterprise.kind': {
    name: { zh: '企业种类', en: 'kind' },
    heldIn: 'Enterprise.kind',
    owner: 'MARKET_REGULATION',
    says: ({ zh, en }) => ({ zh: `种类为${zh}`, en: `Its kind is ${en}` }),
    label: ofEnum('EnterpriseKind'),
  },
  'enterprise.cultureDomainCode': {
    name: { zh: '文化产业分类', en: 'culture domain' },
    heldIn: 'Enterprise.cultureDomainCode',
    owner: 'PROPAGANDA',
    says: ({ zh, en }) => ({ zh: `文化产业分类为${zh}`, en: `Its culture domain is ${en}` }),
    label: asIs,
  },
  'enterprise.aboveScale': {
    name: { zh: '是否规上', en: 'scale' },
    heldIn: 'Enterprise.isAboveScale',
    owner: 'PROPAGANDA',
    says: ({ zh, en }) => ({ zh: `属于${zh}企业`, en: `It is ${en}` }),
    label: (value) =>
      value === 'true' ? { zh: '规模以上', en: 'above scale' } : { zh: '规模以下', en: 'below scale' },
  },
  'enterprise.honour': {
    name: { zh: '所获荣誉', en: 'honours' },
    heldIn: 'Enterprise.honours',
    owner: 'PROPAGANDA',
    says: ({ zh, en }) => ({ zh: `获得${zh}`, en: `It has the honour ${en}` }),
    label: asIs,
  },
  'enterprise.onList': {
    name: { zh: '名单', en: 'membership of the list' },
    heldIn: 'QualifyingList.members',
    owner: 'PROPAGANDA',
    says: ({ zh, en }) => ({ zh: `列入${zh}`, en: `It is on the list ${en}` }),
    label: asIs,
  },
  'enterprise.businessField': ofNobody('业务领域', 'field of business'),
  'enterprise.activityType': ofNobody('业态', 'type of activity'),
  'enterprise.role': ofNobody('在行业中的作用', 'role in the industry'),
  'park.regionCode': {
    name: { zh: '园区所在地区', en: 'region' },
    heldIn: 'Park.region',
    owner: 'CULTURE_TOURISM',
    says: ({ zh, en }) => ({ zh: `位于${zh}`, en: `It lies in ${en}` }),
    label: asIs,
  },
  'park.kind': {
    name: { zh: '园区种类', en: 'kind' },
    heldIn: 'Park.kind',
    owner: 'CULTURE_TOURISM',
    says: ({ zh, en }) => ({ zh: `种类为${zh}`, en: `Its kind is ${en}` }),
    label: ofEnum('ParkKind'),
  },
};

/** Returns the fact that a condition tests. */
export const factOf = (field: string): FactOfCondition =>
  factsOfConditions[field] ??
  (field.startsWith('violation.')
    ? { ...ofNobody('个案的违法事实', 'conduct in the single case'), owner: 'MARKET_REGULATION' }
    : ofNobody(`条件所指的事实(${field})`, `fact ${field}`));

/** Returns a fact that no department keeps. A profile may still give it. */
function ofNobody(zh: string, en: string): FactOfCondition {
  return {
    name: { zh, en },
    heldIn: null,
    owner: null,
    says: (values) => ({
      zh: `${zh}为${values.zh}`,
      en: `Its ${en} is ${values.en}`,
    }),
    label: asIs,
  };
}

/** Returns the labels of values in quotation marks. */
export function labelled({ label }: FactOfCondition, values: readonly string[]): Words {
  const labels = values.map(label);
  return {
    zh: labels.map(({ zh }) => `“${zh.replaceAll(/[“”]/g, '')}”`).join('、'),
    en: labels.map(({ en }) => `"${en}"`).join(', '),
  };
}
