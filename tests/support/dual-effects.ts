import type { PartnerCaller } from '@wenshu/schema/caller.ts';
import { type Input, type Official, startWorkflowHub, type Who } from './workflow-hub.ts';

/** The people of a dual-effect assessment. */
export const editor: Official = {
  department: 'PROPAGANDA',
  role: 'editor',
  agency: 'x-publicity',
  sub: 'scorer',
};
export const leader: Official = { department: 'PROPAGANDA', role: 'leader', sub: 'approver' };
export const supervisor: Official = {
  department: 'FINANCE',
  role: 'editor',
  agency: 'x-supervisor',
  sub: 's-1',
};
export const enterprise: Partial<PartnerCaller> = {
  enterpriseId: 'x-soe',
  actions: ['SELF_ASSESS', 'OBJECT'],
  keyId: 'soe',
  scopes: ['Enterprise', 'DualEffectAssessment', 'DualEffectItem'],
};

/** Seven social and three economic indicators, 55 to 45. */
export const weights = [15, 10, 8, 7, 6, 5, 4, 15, 15, 15];
export const items = weights.map((weight, at) => ({
  kind: at < 7 ? 'SOCIAL' : 'ECONOMIC',
  nameZh: `指标${at}`,
  weight: `${weight}`,
}));

/** Returns a score for each indicator: its weight, less what is given. */
export const scoresLess = (less: number) =>
  weights.map((weight, seq) => ({ seq, score: `${weight - less}` }));

/** Starts a hub with its own rows, in which callers work on dual-effect assessments over the graph. */
export async function startHubWithAssessments() {
  const hub = await startWorkflowHub({
    object: 'dualEffectAssessment',
    list: 'dualEffectAssessments',
    selection: 'total socialScore economicScore gradeZh',
    rows: `insert into policies.agencies (id, name_zh, name_en, kind, department, region_code) values
        ('x-publicity', '宣传部', 'Publicity', 'DEPARTMENT', 'PROPAGANDA', '370212'),
        ('x-supervisor', '财政局', 'Finance', 'DEPARTMENT', 'FINANCE', '370212');
      insert into enterprises.enterprises (id, name_zh, name_en, kind, region_code) values
        ('x-soe', '国有演艺集团', 'State Stage Group', 'SOE', '370212')`,
  });
  let year = 2001;
  const advance = (who: Who, id: string, version: number, action: string, more: Input = {}) =>
    hub.change(who, 'advanceDualEffect', { id, version, action, ...more });

  const opened = async () => {
    year += 1;
    const input = { enterpriseId: 'x-soe', year, supervisedById: 'x-supervisor', items };
    return (await hub.change(editor, 'openDualEffectAssessment', input)).id;
  };
  const report = (who: Who, id: string) =>
    hub.change(who, 'reportDualEffect', {
      id,
      version: 1,
      reportZh: '本年度完成演出一百场。',
      scores: scoresLess(0),
    });
  const scored = async () => {
    const id = await opened();
    await report(enterprise, id);
    await hub.change(editor, 'scoreDualEffect', { id, version: 2, scores: scoresLess(1) });
    return id;
  };
  const notified = async () => {
    const id = await scored();
    await advance(leader, id, 3, 'APPROVE');
    await advance(editor, id, 4, 'NOTIFY');
    return id;
  };

  return {
    ...hub,
    advance,
    report,
    /** Opens an assessment of another year: version 1. */
    opened,
    /** Opens one that the enterprise reports on and that is scored: version 3. */
    scored,
    /** Opens one that gets as far as the notification of the enterprise: version 5. */
    notified,
    /** Lets the days of an assessment pass, for its report and for an appeal. */
    letPass: (id: string) =>
      hub.sql(`update enterprises.dual_effect_assessments set due_on = '2026-01-05',
        appeal_until = case when appeal_until is not null then date '2026-01-05' end where id = '${id}'`),
    [Symbol.asyncDispose]: () => hub[Symbol.asyncDispose](),
  };
}
