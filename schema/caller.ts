/** The caller of a request. The gateway identifies the caller once, at admission, and sends it to the subgraphs with every call. */

/** Departments that keep or use data, as in `@sharing(owner:)` and in the claim `department` of a token. */
export const departments = [
  'PROPAGANDA',
  'CULTURE_TOURISM',
  'MARKET_REGULATION',
  'RADIO_TELEVISION',
  'STATISTICS',
  'DEVELOPMENT_REFORM',
  'INDUSTRY_INFORMATION',
  'FINANCE',
  'TAXATION',
  'SOCIAL_WORK',
  'ORGANISATION',
  'DISCIPLINE',
  'PARTY_COMMITTEE',
  'GOVERNMENT',
  'CULTURE_PROMOTION',
  'PUBLIC_SECURITY',
  'TRANSPORT',
  'EDUCATION',
  'SCIENCE',
  'NATURAL_RESOURCES',
  'SUBDISTRICT',
  'CYBERSPACE',
] as const;
export type Department = (typeof departments)[number];

/** Names of the departments. */
export const departmentNames: Readonly<Record<Department, string>> = {
  PROPAGANDA: '宣传部',
  CULTURE_TOURISM: '文旅局',
  MARKET_REGULATION: '市场监管局',
  RADIO_TELEVISION: '广电局',
  STATISTICS: '统计局',
  DEVELOPMENT_REFORM: '发改委',
  INDUSTRY_INFORMATION: '经信局',
  FINANCE: '财政局',
  TAXATION: '税务局',
  SOCIAL_WORK: '社会工作部',
  ORGANISATION: '组织部',
  DISCIPLINE: '纪委监委',
  PARTY_COMMITTEE: '党委',
  GOVERNMENT: '政府',
  CULTURE_PROMOTION: '文促中心',
  PUBLIC_SECURITY: '公安局',
  TRANSPORT: '交通局',
  EDUCATION: '教育局',
  SCIENCE: '科技局',
  NATURAL_RESOURCES: '自然资源局',
  SUBDISTRICT: '街道',
  CYBERSPACE: '网信办',
};

/** Departments of the Party committee. The Regulation on the Sharing of Government Data (国务院令第809号) does not bind them. */
const partyDepartments: ReadonlySet<Department> = new Set([
  'PROPAGANDA',
  'SOCIAL_WORK',
  'ORGANISATION',
  'DISCIPLINE',
  'PARTY_COMMITTEE',
  'CYBERSPACE',
]);

export const isOfParty = (department: Department): boolean => partyDepartments.has(department);

/** Returns the basis on which a department shares its data, in Chinese and English. */
export const sharingBasisOf = (department: Department): string =>
  isOfParty(department)
    ? '党内法规和部门间的共享约定。 Party rules, and arrangements between departments.'
    : '《政务数据共享条例》(国务院令第809号)。 Regulation on the Sharing of Government Data (State Council Decree 809).';

/**
 * The role of a person in a department. A token carries one role, which keeps the three permissions apart that one person must not hold
 * together (三员分立): an operator runs the hub, a steward manages keys and agreements, an auditor reads the log.
 */
export const roles = ['viewer', 'editor', 'analyst', 'leader', 'steward', 'auditor', 'operator'] as const;
export type Role = (typeof roles)[number];

/** A person who works for a department. */
export type DepartmentCaller = {
  readonly kind: 'department';
  readonly department: Department;
  readonly role: Role;
  /** Subject of the token, as the identity provider gives it. */
  readonly user: string;
  /** Code of the region that the department is responsible for; undefined for all regions. */
  readonly region?: string;
  /** Id of the `Agency` for which the person acts; undefined for a person who speaks for no agency. */
  readonly agency?: string;
  /** OAuth scopes, for supergraphs that use `@requiresScopes` beside `@sharing`. */
  readonly scopes?: readonly string[];
};

/** A caller with a token, over a supergraph without departments: it declares no `@sharing`. */
export type UserCaller = {
  readonly kind: 'user';
  /** Subject of the token, as the identity provider gives it. */
  readonly user: string;
  /** OAuth scopes of the token. */
  readonly scopes: readonly string[];
  readonly roles: readonly string[];
};

/** An unauthenticated caller, on a hub that accepts such callers. */
export type AnonymousCaller = {
  readonly kind: 'anonymous';
  /** Network of the request's address. */
  readonly network: string;
};

/** A department's approval that a key may read its data about an enterprise. */
export type KeyApproval = {
  readonly department: Department;
  /** Id of the agreement; undefined for the department that made the key, whose approval is the key itself. */
  readonly agreement?: string;
  /** Coordinates that the department saw when it approved. Fields that came into the graph later are not among them. */
  readonly fields: readonly string[];
};

/** What an API key can carry out for its enterprise. */
export const keyActions = [
  'SUBMIT_REQUEST',
  'RATE_REQUEST',
  'CONFIRM_PAYOUT',
  'CLAIM_CALL',
  'OBJECT',
  'CORRECT',
  'SELF_ASSESS',
  'RECEIVE_EVENTS',
] as const;
export type KeyAction = (typeof keyActions)[number];

/** A partner outside of government, with an API key. */
export type PartnerCaller = {
  readonly kind: 'partner';
  readonly keyId: string;
  readonly partner: string;
  /** True for a test key, which reads synthetic data only. */
  readonly isTest: boolean;
  /** Coordinates that the key may read: `Type` or `Type.field`. */
  readonly scopes: readonly string[];
  /** Regions that the key may read, each with all regions below it; empty for all. */
  readonly regions: readonly string[];
  /** Id of the partner's own enterprise. The partner may see its open data, and what `approvals` names. */
  readonly enterpriseId?: string;
  /** What the key may carry out for that enterprise. */
  readonly actions?: readonly KeyAction[];
  /** The department that made the key and is responsible for its use. */
  readonly madeBy?: Department;
  /** Approvals of departments for data about that enterprise that are not open. */
  readonly approvals?: readonly KeyApproval[];
};

/** The hub itself, which carries out what follows by itself, such as an escalation after the due day. */
export type SystemCaller = { readonly kind: 'system' };

export type Caller = DepartmentCaller | PartnerCaller | UserCaller | AnonymousCaller | SystemCaller;

/**
 * Returns the payer of a request: the person of a token, the key, or the network of an unauthenticated caller; `''` for nobody in
 * particular. Everything that is shared fairly is counted by payer; only quotas of query cost belong to a whole department.
 */
export function payerOf(caller: Caller | undefined): string {
  switch (caller?.kind) {
    case undefined:
      return '';
    case 'department':
      return `person:${caller.department} ${caller.user}`;
    case 'partner':
      return `key:${caller.keyId}`;
    case 'user':
      return `user:${caller.user}`;
    case 'anonymous':
      return `network:${caller.network}`;
    case 'system':
      return 'system';
  }
}

/** Purpose of use that a request states, for agreements and for the audit log. */
export type PurposeOfUse = {
  /** Id of the party that the caller represents, in the form of X-Road. */
  readonly represents?: string;
  /** 用途: the purpose of the answer. An agreement holds for one purpose. */
  readonly purpose?: string;
  readonly caseNumber?: string;
};
