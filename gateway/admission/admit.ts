import type { Incoming } from '../http/incoming.ts';
import type { Step } from '../http/step.ts';
import type { Log } from '../lib/log.ts';
import { type MaybePromise, mapMaybePromise } from '../lib/maybe-promise.ts';
import type { Admitted } from '../request/context.ts';
import { noCredentials, notAllowed } from '../request/refusal.ts';
import { type Arrival, createAuthenticate, type Verify } from './authenticate.ts';
import { createDepartments, type DepartmentOptions, departmentOf, type IsRegion } from './departments.ts';
import { mayDo, type Permission } from './permissions.ts';
import { readPurposeOfUse, wantsAllOrNothing } from './purpose-of-use.ts';
import { createAnonymous, userOf } from './users.ts';

/** Settings that say which callers the gateway admits. */
export type AccessOptions = {
  /** Identity provider whose tokens name a department. Without it and `users`, no token is accepted. */
  readonly departments?: DepartmentOptions;
  /** Identity provider for a supergraph that does not use departments. */
  readonly users?: DepartmentOptions;
  /** Whether a request without credentials is admitted. It sees only data that is shared with everybody. */
  readonly letsInAnonymous?: boolean;
  /** Other kinds of credentials. They are tried before tokens. */
  readonly others?: readonly Verify[];
};

export type Admission = {
  /**
   * Returns the caller and the purpose of use from the headers alone; without a promise for a known caller. Throws or
   * rejects with a Refusal.
   */
  admit(request: Arrival): MaybePromise<Admitted>;
  /** Admits only callers with this permission. Rejects with a Refusal. */
  admitFor(permission: Permission, request: Arrival): Promise<void>;
  /** Resolves when tokens can be verified. */
  ready(): Promise<void>;
};

/** Creates the admission of these settings. `isRegion` says which regions a token may name. */
export function createAdmission(options: AccessOptions, log: Log, isRegion?: IsRegion): Admission {
  const { departments, users, others = [], letsInAnonymous = false } = options;
  const tokens = departments
    ? createDepartments(departments, log, departmentOf(isRegion))
    : users && createDepartments(users, log, userOf);
  const authenticate = createAuthenticate(
    ...others,
    ...(tokens ? [tokens.verify] : []),
    ...(letsInAnonymous ? [createAnonymous()] : []),
  );

  return {
    admit(request) {
      const { headers } = request;
      return mapMaybePromise(authenticate(request), (caller) => ({
        caller,
        purposeOfUse: readPurposeOfUse(headers),
        isStrict: wantsAllOrNothing(headers),
      }));
    },
    async admitFor(permission, request) {
      const caller = await authenticate(request);
      if (caller.kind === 'anonymous') throw noCredentials();
      if (!mayDo(caller, permission))
        throw notAllowed('Your role may not do this.', { messageZh: '您的角色无权进行此操作。' });
    },
    ready: async () => tokens?.ready(),
  };
}

export const arrivalOf = ({ headers, clientAddress, requestId }: Incoming): Arrival => ({
  headers,
  address: clientAddress,
  requestId,
});

/** Authenticates the caller before anything else of the request is read. Without admission, every caller passes. */
export const admitCallers =
  (admission: Admission | undefined): Step =>
  async (incoming, next) => {
    const admitted = admission?.admit(arrivalOf(incoming));
    incoming.admitted = admitted instanceof Promise ? await admitted : admitted;
    return next(incoming);
  };

/** Answers only callers with this permission. Without admission, every caller passes. */
export const admitOnlyFor =
  (permission: Permission, admission: Admission | undefined): Step =>
  async (incoming, next) => {
    await admission?.admitFor(permission, arrivalOf(incoming));
    return next(incoming);
  };
