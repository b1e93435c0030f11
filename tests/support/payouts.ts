import type { PartnerCaller } from '@wenshu/schema/caller.ts';
import {
  type Input,
  type Official,
  startWorkflowHub,
  type Who,
  type WorkflowHub,
  type WorkflowHubOptions,
} from './workflow-hub.ts';

/** People who take part in a payout. */
export const people = {
  editor: { department: 'CULTURE_TOURISM', role: 'editor', agency: 'x-payer', sub: 'editor-1' },
  cashier: { department: 'CULTURE_TOURISM', role: 'editor', agency: 'x-payer', sub: 'editor-2' },
  leader: { department: 'CULTURE_TOURISM', role: 'leader', agency: 'x-payer', sub: 'leader-1' },
  otherLeader: { department: 'CULTURE_TOURISM', role: 'leader', agency: 'x-payer', sub: 'leader-2' },
  reviewer: { department: 'MARKET_REGULATION', role: 'editor', agency: 'x-reviewer', sub: 'reviewer-1' },
  auditor: { department: 'FINANCE', role: 'editor', agency: 'x-auditor', sub: 'auditor-1' },
  publicity: { department: 'PROPAGANDA', role: 'editor', sub: 'publicity-1' },
  stranger: { department: 'SCIENCE', role: 'editor', agency: 'x-stranger', sub: 'stranger-1' },
} as const satisfies Record<string, Official>;

export const keyOf = (enterpriseId: string): Partial<PartnerCaller> => ({
  enterpriseId,
  actions: ['CONFIRM_PAYOUT'],
  keyId: `key of ${enterpriseId}`,
  scopes: ['Payout', 'Enterprise', 'PayoutConnection'],
});

/** Two measures of agencies of this test: one for enterprises of 怀柔 on a list, one for those of a kind in 武汉. */
const rows = `
  insert into policies.agencies (id, name_zh, name_en, kind, region_code) values
    ('x-payer', '文旅局', 'Payer', 'GOVERNMENT', '110116'), ('x-reviewer', '市场监管局', 'Reviewer', 'GOVERNMENT', '110116'),
    ('x-auditor', '财政局', 'Auditor', 'GOVERNMENT', '110116'), ('x-stranger', '科技局', 'Stranger', 'GOVERNMENT', '110116');
  insert into policies.policies (id, name_zh, name_en, kind, domain, status, region_code) values
    ('x-pol', '扶持措施', 'Support', 'MEASURES', 'CULTURE_INDUSTRY', 'ISSUED', '110116'),
    ('x-many', '普惠措施', 'For many', 'MEASURES', 'CULTURE_INDUSTRY', 'ISSUED', '420100'),
    ('x-draft', '征求意见稿', 'Draft', 'MEASURES', 'CULTURE_INDUSTRY', 'DRAFT_FOR_COMMENT', null);
  insert into policies.measures (id, policy_id, seq, title_zh, title_en, kind, text_zh) values
    ('x-listed', 'x-pol', 1, '名单企业奖励', 'Listed', 'AWARD', '奖励'), ('x-silent', 'x-pol', 2, '无感兑现', 'Silent', 'AWARD', '奖励'),
    ('x-kind', 'x-many', 1, '普惠奖励', 'Kind', 'AWARD', '奖励'), ('x-draft-m', 'x-draft', 1, '草案', 'Draft', 'AWARD', '奖励');
  insert into policies.measure_responsible (measure_id, seq, target_type, target_id)
    select id, 0, 'Agency', 'x-payer' from policies.measures where id like 'x-%';
  insert into policies.qualifying_lists (id, policy_id, seq, name_zh, name_en) values ('x-list', 'x-pol', 1, '白名单', 'White list');
  insert into policies.policy_eligibility (id, policy_id, seq, measure_id, field, op, value, text_zh) values
    ('x-e1', 'x-pol', 1, null, 'enterprise.onList', 'EQ', '"x-list"', '列入白名单'),
    ('x-e2', 'x-many', 1, null, 'enterprise.kind', 'EQ', '"TROUPE"', '院团');
  insert into enterprises.enterprises (id, name_zh, name_en, kind, region_code, region_basis)
    select 'x-ent-' || lpad(n::text, 3, '0'), '企业' || n, 'Firm ' || n, 'TROUPE', '420100', 'STATED' from generate_series(1, 205) as n;`;

/** Starts a hub with measures that can be paid, once their rules are in force. */
export async function startHubWithPayouts(options: Pick<WorkflowHubOptions, 'deadlines'> = {}) {
  const hub = await startWorkflowHub({
    ...options,
    object: 'payout',
    list: 'payouts',
    selection:
      'amount isObjected basisZh paidOn clawBackAmount reviewUntil publicUntil history { action stage noteZh }',
    rows,
  });
  let keys = 0;
  return {
    ...hub,
    /** Asks a mutation of the workflow that has another object; throws if it is refused. */
    async run(who: Who, mutation: string, selection: string, input: Input): Promise<Record<string, unknown>> {
      const answer = await ask(hub, who, mutation, selection, { key: `run-${keys++}`, ...input });
      const payload = answer.data?.[mutation] as Record<string, unknown> | null | undefined;
      if (!payload || answer.errors) throw new Error(JSON.stringify(answer.errors));
      return payload;
    },
    async refused(who: Who, mutation: string, input: Input): Promise<Record<string, unknown>> {
      const { errors = [] } = await ask(hub, who, mutation, '__typename', { key: `run-${keys++}`, ...input });
      return errors[0]?.extensions ?? {};
    },
    advance: (who: Who, id: string, version: number, action: string, noteZh?: string) =>
      hub.change(who, 'advancePayout', { id, version, action, ...(noteZh !== undefined && { noteZh }) }),
    /** Returns the payouts that the key of an enterprise sees, with what it may do. */
    async ownOf(enterpriseId: string): Promise<unknown> {
      const query = `{ enterprise(id: "${enterpriseId}") { payouts { nodes { stage amount allowedActions } } } }`;
      const { data } = await hub.hub.as(keyOf(enterpriseId)).ask(query);
      return (data?.enterprise as { payouts: { nodes: unknown } } | null)?.payouts?.nodes;
    },
    /** Lets the days of review and publicity pass. */
    letDaysPass: (id: string) =>
      hub.sql(
        `update policies.payouts set review_until = review_until - 30, public_until = public_until - 30, due_on = due_on - 30 where id = '${id}'`,
      ),
    [Symbol.asyncDispose]: () => hub[Symbol.asyncDispose](),
  };
}

export type PayoutHub = Awaited<ReturnType<typeof startHubWithPayouts>>;

const ask = ({ hub }: WorkflowHub, who: Who, mutation: string, selection: string, input: Input) =>
  hub
    .as(who)
    .ask(
      `mutation ($input: ${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input!) { ${mutation}(input: $input) { ${selection} } }`,
      { input },
    );

const rule = {
  reviewerIds: ['x-reviewer'],
  auditorId: 'x-auditor',
  opensOn: '2026-01-01',
  closesOn: '2099-12-31',
  frequency: 'YEAR',
  needsConfirmation: true,
  isPublicised: true,
  amount: '100000',
  budget: '1000000',
};

/** Puts a payment rule in force: an editor proposes it, and a leader approves. */
export async function putInForce(hub: PayoutHub, measureId: string, terms: Input = {}): Promise<string> {
  const proposed = await hub.run(
    people.editor,
    'proposePaymentRule',
    'paymentRule { id stage version dueOn allowedActions }',
    { ...rule, measureId, ...terms },
  );
  const { id } = proposed.paymentRule as { id: string };
  await hub.run(people.leader, 'advancePaymentRule', 'paymentRule { stage }', {
    id,
    version: 1,
    action: 'APPROVE',
  });
  return id;
}

export const runFields = `matchingRun { id stage version nextAfter tested met likely unknown notMet blacklisted alreadyMatched
  gaps { field owner unknown likely } } step isReplay`;

export type Run = {
  readonly id: string;
  readonly stage: string;
  readonly version: number;
  readonly nextAfter: string | null;
} & Readonly<Record<string, unknown>>;
