/**
 * Who asks. The gateway finds it out once, when a request is admitted, and tells the subgraphs with every call.
 */

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
] as const;
export type Department = (typeof departments)[number];

/** What departments are called. */
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
};

/**
 * What somebody may do for a department. A token carries one role, so that the three duties that must be
 * apart (三员分立) are: an operator runs the hub, a steward manages keys and agreements, an auditor reads the log.
 */
export const roles = ['viewer', 'editor', 'analyst', 'steward', 'auditor', 'operator'] as const;
export type Role = (typeof roles)[number];

/** Somebody who works for a department. */
export type DepartmentCaller = {
  readonly kind: 'department';
  readonly department: Department;
  readonly role: Role;
  /** Who it is, as the identity provider says. */
  readonly user: string;
  /** The region that the department is responsible for, by its code; undefined for all. */
  readonly region?: string;
  /** OAuth scopes, for supergraphs that have `@requiresScopes` beside `@sharing`. */
  readonly scopes?: readonly string[];
};

/** Somebody with a token, where the supergraph knows no departments: it declares no `@sharing`. */
export type UserCaller = {
  readonly kind: 'user';
  /** Who it is, as the identity provider says. */
  readonly user: string;
  /** OAuth scopes: what the token was given for. */
  readonly scopes: readonly string[];
  readonly roles: readonly string[];
};

/** Somebody who does not say who it is, where such callers are let in. */
export type AnonymousCaller = {
  readonly kind: 'anonymous';
  /** The network that the request came from. */
  readonly network: string;
};

/** What a department lets a key open of what it keeps of an enterprise. */
export type KeyApproval = {
  readonly department: Department;
  /** By which agreement; undefined of the department that made the key, which says so by making it. */
  readonly agreement?: string;
  /** The coordinates that it was shown when it said so: what came into the graph later is not among them. */
  readonly fields: readonly string[];
};

/** A partner outside of government, by an API key. */
export type PartnerCaller = {
  readonly kind: 'partner';
  readonly keyId: string;
  readonly partner: string;
  /** A test key sees synthetic data only. */
  readonly isTest: boolean;
  /** What the key may read: `Type` or `Type.field`. */
  readonly scopes: readonly string[];
  /** Regions, with all below them, that the key may read of; empty for all. */
  readonly regions: readonly string[];
  /** The partner's own enterprise, of which it may see what is open, and what `approvals` name. */
  readonly enterpriseId?: string;
  /** The department that made the key, and answers for its use. */
  readonly madeBy?: Department;
  /** Who lets the key open what of that enterprise that is not open. */
  readonly approvals?: readonly KeyApproval[];
};

export type Caller = DepartmentCaller | PartnerCaller | UserCaller | AnonymousCaller;

/**
 * Who pays for what a caller takes from others: the person of a token, the key, the network of a stranger; `''` for nobody
 * in particular. All that is shared fairly goes by it; only quotas of query cost are of a department together.
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
  }
}

/** What a request says of itself, for agreements and for the audit log. */
export type PurposeOfUse = {
  /** On whose behalf, as an id in the manner of X-Road. */
  readonly represents?: string;
  /** 用途: what the answer is for. Agreements are for a purpose. */
  readonly purpose?: string;
  readonly caseNumber?: string;
};
