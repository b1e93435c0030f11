import type { PartnerCaller } from '@wenshu/schema/caller.ts';
import { type ChangedObject, type Input, type Official, startWorkflowHub, type Who } from './workflow-hub.ts';

/** A star list as the test reads it after a change. */
export type ChangedList = ChangedObject & {
  readonly entries: readonly {
    readonly status: string;
    readonly rank: number | null;
    readonly enterprise: { readonly id: string };
  }[];
};

/** The people of a star list. */
export const editor: Official = { department: 'PROPAGANDA', role: 'editor', sub: 'drafter' };
export const leader: Official = { department: 'PROPAGANDA', role: 'leader', sub: 'publisher' };
export const vetters: Readonly<Record<'market' | 'tax' | 'cyber', Official>> = {
  market: { department: 'MARKET_REGULATION', role: 'editor', agency: 'x-market', sub: 'v-1' },
  tax: { department: 'TAXATION', role: 'editor', agency: 'x-tax', sub: 'v-2' },
  cyber: { department: 'CYBERSPACE', role: 'leader', agency: 'x-cyber', sub: 'v-3' },
};
export const rival: Partial<PartnerCaller> = {
  enterpriseId: 'ent-pico',
  actions: ['OBJECT'],
  keyId: 'rival',
  scopes: ['StarList', 'StarListEntry', 'StarListObjection', 'Enterprise'],
};

const criteria = ['SOCIAL_CONTRIBUTION', 'PERFORMANCE', 'TECHNOLOGY', 'MODEL'];

export const weights = [25, 30, 25, 20].map((weight, at) => ({
  criterion: criteria[at],
  weight: `${weight}`,
}));
export const scores = (...values: readonly number[]) =>
  criteria.map((criterion, at) => ({ criterion, score: `${values[at] ?? 0}` }));

export const draft = {
  nameZh: '上半年明星企业榜单',
  year: 2026,
  half: 'FIRST',
  regionCode: '370212',
  weights,
};

/** Starts a hub with its own rows, in which callers work on star lists over the graph. */
export async function startHubWithStarLists() {
  const hub = await startWorkflowHub({
    object: 'starList',
    list: 'starLists',
    selection: 'entries { status rank enterprise { id } }',
    rows: `insert into policies.agencies (id, name_zh, name_en, kind, department, region_code) values
      ('x-market', '市场监管局', 'Market', 'DEPARTMENT', 'MARKET_REGULATION', '370212'),
      ('x-tax', '税务局', 'Tax', 'DEPARTMENT', 'TAXATION', '370212'),
      ('x-cyber', '网信办', 'Cyber', 'DEPARTMENT', 'CYBERSPACE', '370212'),
      ('x-finance', '财政局', 'Finance', 'DEPARTMENT', 'FINANCE', '370212')`,
  });
  const change = async (who: Who, mutation: string, input: Input) =>
    (await hub.change(who, mutation, input)) as ChangedList;
  const advance = (who: Who, id: string, version: number, action: string, more: Input = {}) =>
    change(who, 'advanceStarList', { id, version, action, ...more });
  const nominate = (id: string, version: number, enterpriseId: string, values: readonly number[]) =>
    change(editor, 'nominateForStarList', {
      id,
      version,
      enterpriseId,
      scores: scores(...values),
      performanceZh: '申报营业收入增长两成。',
    });

  return {
    ...hub,
    change,
    advance,
    nominate,
    /** Drafts a list with two nominations: version 3. */
    async drafted() {
      const { id } = await change(editor, 'draftStarList', draft);
      await nominate(id, 1, 'ent-goertek', [20, 30, 25, 10]);
      await nominate(id, 2, 'ent-gaea', [25, 20, 20, 5]);
      return id;
    },
    /** Drafts a list and sends it to vetting: version 4. */
    async sent() {
      const id = await this.drafted();
      const agencyIds = ['x-cyber', 'x-market', 'x-tax'];
      await change(editor, 'sendStarListToVetting', { id, version: 3, agencyIds });
      return id;
    },
    /** Has a list cleared by all agencies and opened for objections: version 8. */
    async opened() {
      const id = await this.sent();
      const verdicts = ['ent-goertek', 'ent-gaea'].map((enterpriseId) => ({
        enterpriseId,
        verdict: 'CLEAR',
      }));
      for (const [at, vetter] of Object.values(vetters).entries()) {
        await change(vetter, 'vetStarList', { id, version: 4 + at, verdicts });
      }
      await advance(editor, id, 7, 'OPEN_OBJECTIONS');
      return id;
    },
    /** Lets the days for objections of a list pass. */
    letPass: (id: string) =>
      hub.sql(`update policies.star_lists set objection_until = '2026-01-05' where id = '${id}'`),
    [Symbol.asyncDispose]: () => hub[Symbol.asyncDispose](),
  };
}
