import type { Actor, WorkflowTable } from '@wenshu/kit/workflow/table.ts';

export type PayoutStage =
  | 'MATCHED'
  | 'CONFIRMED'
  | 'OBJECTION'
  | 'PAYABLE'
  | 'PAID'
  | 'AUDITED'
  | 'CLAWED_BACK'
  | 'DECLINED'
  | 'VETOED';

export type PayoutAction =
  | 'MATCH'
  | 'VETO'
  | 'VETO_BLACKLISTED'
  | 'CONFIRM'
  | 'DECLINE'
  | 'PUBLICISE'
  | 'OBJECT'
  | 'DISMISS_OBJECTION'
  | 'UPHOLD_OBJECTION'
  | 'APPROVE'
  | 'PAY'
  | 'AUDIT'
  | 'NOTIFY_CLAW_BACK'
  | 'REPLY'
  | 'DROP_CLAW_BACK'
  | 'CLAW_BACK';

const paying = (...roles: NonNullable<Actor['roles']>): Actor => ({ as: 'paying', roles });
const enterprise: Actor = { key: 'CONFIRM_PAYOUT' };

/** The stages before payment, in which a payout can still be stopped. */
const beforePayment = ['MATCHED', 'CONFIRMED', 'OBJECTION', 'PAYABLE'] as const;

/** 免申即享、无感兑现: how a payout is matched, confirmed, approved, paid and audited (青岛城阳“免申即享”, 2023). */
export const payoutTable: WorkflowTable<PayoutStage, PayoutAction> = {
  type: 'Payout',
  typeZh: '兑付',
  owner: 'PROPAGANDA',
  closed: ['DECLINED', 'VETOED', 'CLAWED_BACK'],
  conditions: {
    isBlacklisted: { zh: '企业不在黑名单上。', en: 'The enterprise is not on the blacklist.' },
    isToConfirm: { zh: '该措施无须企业确认。', en: 'The measure is paid without a confirmation.' },
    isToPublicise: {
      zh: '该措施不公示,或尚待企业确认。',
      en: 'The measure is not publicised, or the enterprise has not confirmed yet.',
    },
    isPublic: { zh: '公示期已满。', en: 'The publicity period is over.' },
    isObjected: { zh: '没有待核实的异议。', en: 'There is no objection to decide on.' },
    mayBeApproved: {
      zh: '尚待企业确认、公示期满、异议核实或审核期满。',
      en: 'It waits for the confirmation, the end of publicity, an objection, or the end of the review.',
    },
    mayBeClaimed: { zh: '追回已告知。', en: 'The claw-back was notified already.' },
    isClaimed: { zh: '尚未告知追回。', en: 'No claw-back was notified.' },
    mayReply: { zh: '没有待陈述的追回,或已陈述。', en: 'There is no claw-back to reply to.' },
    mayClawBack: {
      zh: '须先告知,并待企业陈述或十日期满。',
      en: 'The enterprise must be notified first, and has ten days to reply.',
    },
  },
  terms: {
    review: {
      days: 5,
      isWorkingDays: true,
      zh: '审批前供所列机构否决的期限。',
      en: 'In which the named agencies may veto a payout before it can be approved.',
    },
  },
  transitions: [
    {
      action: 'MATCH',
      from: [],
      to: 'MATCHED',
      by: [paying('editor')],
      workingDays: 10,
      zh: '由匹配产生,金额依兑付规则确定;无须确认者五个工作日后可审批。',
      en: 'Made by a run of matching, with the amount by the rule. Without a confirmation it can be approved after five working days.',
    },
    {
      action: 'VETO',
      from: beforePayment,
      to: 'VETOED',
      by: [{ as: 'reviewer', roles: ['editor', 'leader'] }],
      workingDays: null,
      zh: '措施所列机构否决,须说明理由与依据;审批至少等待五个工作日,兑付前均可否决。',
      en: 'Vetoes the payout, with reason and basis. The approval waits five working days for it; a veto counts until the payment.',
    },
    {
      action: 'VETO_BLACKLISTED',
      from: beforePayment,
      to: 'VETOED',
      when: 'isBlacklisted',
      by: [{ system: true }],
      workingDays: null,
      zh: '企业列入黑名单,自行否决。',
      en: 'Vetoes the payout of a blacklisted enterprise. The hub does this by itself.',
    },
    {
      action: 'CONFIRM',
      from: ['MATCHED'],
      to: 'CONFIRMED',
      when: 'isToConfirm',
      by: [enterprise],
      isTask: true,
      workingDays: 5,
      zh: '企业确认。',
      en: 'Confirms the payout.',
    },
    {
      action: 'DECLINE',
      from: ['MATCHED'],
      to: 'DECLINED',
      when: 'isToConfirm',
      by: [enterprise],
      workingDays: null,
      zh: '企业放弃。',
      en: 'Declines the payout.',
    },
    {
      action: 'PUBLICISE',
      from: ['MATCHED', 'CONFIRMED'],
      to: 'OBJECTION',
      when: 'isToPublicise',
      by: [paying('editor')],
      isTask: true,
      workingDays: 5,
      zh: '公示五个工作日,限要求公示的措施。',
      en: 'Publicises the payout for five working days, where the measure asks for it.',
    },
    {
      action: 'OBJECT',
      from: ['OBJECTION'],
      when: 'isPublic',
      by: [paying('editor'), { as: 'reviewer', roles: ['editor', 'leader'] }],
      zh: '公示期内登记异议,须写明内容。',
      en: 'Records an objection within the publicity period, with its reason.',
    },
    {
      action: 'DISMISS_OBJECTION',
      from: ['OBJECTION'],
      when: 'isObjected',
      by: [paying('leader')],
      isTask: true,
      notBy: ['OBJECT'],
      zh: '经核实异议不成立,须说明理由。',
      en: 'Finds that the objection does not hold, with a reason.',
    },
    {
      action: 'UPHOLD_OBJECTION',
      from: ['OBJECTION'],
      to: 'VETOED',
      when: 'isObjected',
      by: [paying('leader')],
      workingDays: null,
      notBy: ['OBJECT'],
      zh: '经核实异议成立,不予兑付,须说明理由。',
      en: 'Finds that the objection holds, so that nothing is paid, with a reason.',
    },
    {
      action: 'APPROVE',
      from: ['MATCHED', 'CONFIRMED', 'OBJECTION'],
      to: 'PAYABLE',
      when: 'mayBeApproved',
      by: [paying('leader')],
      isTask: true,
      workingDays: 10,
      notBy: ['MATCH', 'PUBLICISE'],
      zh: '分管领导审批,总额不得超出预算。',
      en: 'Approves the payout within the budget.',
    },
    {
      action: 'PAY',
      from: ['PAYABLE'],
      to: 'PAID',
      by: [paying('editor')],
      isTask: true,
      workingDays: null,
      notBy: ['APPROVE'],
      zh: '兑付,登记日期与凭证号。',
      en: 'Pays, with the day and the number of the voucher.',
    },
    {
      action: 'AUDIT',
      from: ['PAID'],
      to: 'AUDITED',
      by: [
        { department: 'FINANCE', roles: ['editor', 'leader'] },
        { as: 'auditor', roles: ['editor', 'leader'] },
      ],
      isTask: true,
      notBy: ['MATCH', 'APPROVE', 'PAY'],
      zh: '财政部门或所列审计机构审计,可附说明。',
      en: 'Audits the payment. The finance department or the named auditor does this.',
    },
    {
      action: 'NOTIFY_CLAW_BACK',
      from: ['PAID', 'AUDITED'],
      when: 'mayBeClaimed',
      by: [paying('editor', 'leader')],
      workingDays: 10,
      zh: '告知企业拟追回的金额与理由,企业十个工作日内陈述。',
      en: 'Tells the enterprise how much is to be paid back and why. It has ten working days to reply.',
    },
    {
      action: 'REPLY',
      from: ['PAID', 'AUDITED'],
      when: 'mayReply',
      by: [enterprise],
      isTask: true,
      zh: '企业陈述意见。',
      en: 'States the case of the enterprise.',
    },
    {
      action: 'DROP_CLAW_BACK',
      from: ['PAID', 'AUDITED'],
      when: 'isClaimed',
      by: [paying('leader')],
      workingDays: null,
      notBy: ['NOTIFY_CLAW_BACK'],
      zh: '不再追回,须说明理由。',
      en: 'Gives up the claw-back, with a reason.',
    },
    {
      action: 'CLAW_BACK',
      from: ['PAID', 'AUDITED'],
      to: 'CLAWED_BACK',
      when: 'mayClawBack',
      by: [paying('leader')],
      isTask: true,
      workingDays: null,
      notBy: ['NOTIFY_CLAW_BACK'],
      zh: '分管领导决定追回,须说明理由。',
      en: 'Claws back what was notified, with a reason.',
    },
  ],
};
