import type { Rule } from './rule.ts';

/** What happens to payouts when an entry of the blacklist begins or ends. */
const blacklisting = (
  name: string,
  action: string,
  input: { readonly isBlacklisted: boolean; readonly basisZh?: string },
): Rule => ({
  name,
  on: { agency: 'enterprises', type: 'BlacklistEntry', action },
  ask: 'query ($id: ID!) { blacklistEntry(id: $id) { enterprise { id } } }',
  mutation: 'noteBlacklisting',
  input: { enterpriseId: '$data.blacklistEntry.enterprise.id', ...input },
});

/** A problem in the monthly report of a key project becomes a service request of the enterprise that it is about. */
const projectProblem: Rule = {
  name: 'project-problem',
  on: { agency: 'parks', type: 'ProjectLedger', action: 'REPORT_PROBLEM' },
  ask: `query ($id: ID!, $version: Int!) {
    projectLedger(id: $id) {
      project { id } region { code } responsible { id } synthetic
      problems(version: $version) { kind titleZh textZh enterprise { id } }
    }
  }`,
  mutation: 'noteProjectProblem',
  input: {
    projectId: '$data.projectLedger.project.id',
    regionCode: '$data.projectLedger.region.code',
    reportedById: '$data.projectLedger.responsible.id',
    synthetic: '$data.projectLedger.synthetic',
    enterpriseId: '$data.projectLedger.problems.0.enterprise.id',
    kind: '$data.projectLedger.problems.0.kind',
    titleZh: '$data.projectLedger.problems.0.titleZh',
    textZh: '$data.projectLedger.problems.0.textZh',
  },
};

/**
 * What the hub carries out by itself in one agency after a step in another. A mutation that stands here is open to the
 * role `system`: `@writable(roles: [system])`, and in the table of its workflow `by: [{ system: true }]`.
 */
export const rules: readonly Rule[] = [
  blacklisting('blacklisted', 'PUBLISH', { isBlacklisted: true, basisZh: '列入黑名单并已公布。' }),
  blacklisting('blacklist-restored', 'RESTORE', { isBlacklisted: false }),
  blacklisting('blacklist-lapsed', 'LAPSE', { isBlacklisted: false }),
  projectProblem,
];
