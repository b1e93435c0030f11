import { unitNameZh } from '@wenshu/kit/unit-names.ts';
import { metrics, namesOf, topics } from '@wenshu/schema/metrics.ts';
import { unknownCode } from '@wenshu/schema/unknown-code.ts';
import { pageOf } from './page-of.ts';
import type { Fields, Resolvers } from './schema-types.ts';

const sorted = Object.values(metrics).sort((a, b) => (a.code < b.code ? -1 : 1));

/** Returns a page of the metrics that meet the conditions. */
export function pageOfMetrics(args: Fields['Query']['indicatorMetrics']['args']) {
  const { topic, owner, stockOrFlow, isAdditive } = args.filter ?? {};
  if (topic != null && !Object.hasOwn(topics, topic)) {
    throw unknownCode('filter.topic', { en: 'topic', zh: '主题' }, topic, namesOf(topics));
  }
  const wanted = sorted.filter(
    (metric) =>
      (topic ?? metric.topic.code) === metric.topic.code &&
      (owner ?? metric.owner) === metric.owner &&
      (stockOrFlow ?? metric.stockOrFlow) === metric.stockOrFlow &&
      (isAdditive ?? metric.isAdditive) === metric.isAdditive,
  );
  return pageOf(wanted, ({ code }) => code, args);
}

export const metricFields: Resolvers['IndicatorMetric'] = {
  units: ({ units }) => units.map((code) => ({ code, nameZh: unitNameZh(code) })),
};
