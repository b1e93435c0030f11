import { sharedGraph } from '@wenshu/kit/shared/graph.ts';
import { eventList, partsOfSubjects, workList } from './queries.ts';
import { shared } from './tables.ts';

/** What all subgraphs share, over the lists of this one. */
export const graph = sharedGraph(shared, [eventList, workList], partsOfSubjects);
