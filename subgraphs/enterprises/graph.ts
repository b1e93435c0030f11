import { sharedGraph } from '@wenshu/kit/shared/graph.ts';
import { assessmentList, enterpriseList, inspectionList, partsOfSubjects } from './queries.ts';
import { shared } from './tables.ts';

/** What all subgraphs share, over the lists of this one. */
export const graph = sharedGraph(shared, [enterpriseList, inspectionList, assessmentList], partsOfSubjects);
