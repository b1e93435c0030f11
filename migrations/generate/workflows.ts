import {
  enterpriseCommissioners,
  serviceRequestCoHandlers,
  serviceRequestSteps,
  serviceRequests,
} from '@wenshu/policies/tables.ts';
import { agencyOf } from './agencies.ts';
import { type City, ids } from './city.ts';
import { openCallTables } from './open-calls.ts';
import { payoutTables } from './payouts.ts';
import { requestAt } from './service-requests.ts';
import { starListTables } from './star-lists.ts';
import { type GeneratedTable, generated } from './table.ts';

export function workflowTables(city: City): GeneratedTable[] {
  const { counts } = city;
  return [
    generated(enterpriseCommissioners, counts.enterprises, (i) => commissionerOf(city, i)),
    generated(serviceRequests, counts.serviceRequests, (i) => [requestAt(city, i).row]),
    generated(serviceRequestCoHandlers, counts.serviceRequests, (i) => requestAt(city, i).coHandlers),
    generated(serviceRequestSteps, counts.serviceRequests, (i) => requestAt(city, i).steps),
    ...payoutTables(city),
    ...starListTables(city),
    ...openCallTables(city),
  ];
}

/** One enterprise in twenty has a commissioner, since the last month. */
const commissionerOf = (city: City, i: number): (typeof enterpriseCommissioners.$inferSelect)[] =>
  i % 20 === 0
    ? [
        {
          enterpriseId: ids.enterprise(i),
          agencyId: agencyOf(city.placeIn(city.quarterOf(i)).code, 'CULTURE_PROMOTION'),
          since: '2025-12-01',
        },
      ]
    : [];
