import type { Incoming } from '../http/server.ts';
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

/** Who may ask. */
export type AccessOptions = {
  /** Whose tokens are good, and name a department; without it and `users` no token is. */
  readonly departments?: DepartmentOptions;
  /** Whose tokens are good where the supergraph knows no departments. */
  readonly users?: DepartmentOptions;
  /** Whether who says nothing of himself is let in, to see what is for everybody. */
  readonly letsInAnonymous?: boolean;
  /** Other kinds of credentials; they are looked for first. */
  readonly others?: readonly Verify[];
};

export type Admission = {
  /** Says who asks and what for, from headers alone; at once for who is known. Throws or rejects with a Refusal. */
  admit(request: Arrival): MaybePromise<Admitted>;
  /** Admits only who may do this. Rejects with a Refusal. */
  admitFor(permission: Permission, request: Arrival): Promise<void>;
  /** Resolves where callers can be told apart. */
  ready(): Promise<void>;
};

/** Lets in who is known, before anything else is read of a request. */
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
      if (!mayDo(caller, permission)) throw notAllowed('This is not for your role.');
    },
    ready: async () => tokens?.ready(),
  };
}

export const arrivalOf = ({ headers, clientAddress, requestId }: Incoming): Arrival => ({
  headers,
  address: clientAddress,
  requestId,
});

/** Lets in who is known before anything more is read of a request; everybody where there is no admission. */
export const admitCallers =
  (admission: Admission | undefined): Step =>
  async (incoming, next) => {
    const admitted = admission?.admit(arrivalOf(incoming));
    incoming.admitted = admitted instanceof Promise ? await admitted : admitted;
    return next(incoming);
  };

/** Answers only who may do this; everybody where there is no admission. */
export const admitOnlyFor =
  (permission: Permission, admission: Admission | undefined): Step =>
  async (incoming, next) => {
    await admission?.admitFor(permission, arrivalOf(incoming));
    return next(incoming);
  };
