import type { Caller, Occasion } from '@wenshu/schema/caller.ts';
import { andThen, type Eventual } from '../and-then.ts';
import type { Reply } from '../http/reply.ts';
import type { Handler, Incoming } from '../http/server.ts';
import type { Log } from '../log.ts';
import { type Arrival, createAuthenticate, type Verify } from './authenticate.ts';
import { createDepartments, type DepartmentOptions, type IsRegion } from './departments.ts';
import { type Duty, mayDo } from './duties.ts';
import { occasionOf, wantsAllOrNothing } from './occasion.ts';
import { answerRefused, notAllowed } from './refusal.ts';

/** Who may ask. */
export type AccessOptions = {
  /** Whose tokens are good; without it no token is. */
  readonly departments?: DepartmentOptions;
  /** Other kinds of credentials; they are looked for first. */
  readonly others?: readonly Verify[];
};

export type Admitted = {
  readonly caller: Caller;
  readonly occasion: Occasion;
  readonly isStrict: boolean;
};

export type Admission = {
  /** Says who asks and what for, from headers alone; at once for who is known. Throws or rejects with a Refusal. */
  admit(request: Arrival): Eventual<Admitted>;
  /** Admits only who may do this. Rejects with a Refusal. */
  admitFor(duty: Duty, request: Arrival): Promise<void>;
  /** Resolves where callers can be told apart. */
  ready(): Promise<void>;
};

/** Lets in who is known, before anything else is read of a request. */
export function createAdmission(options: AccessOptions, log: Log, isRegion?: IsRegion): Admission {
  const departments = options.departments && createDepartments(options.departments, log, isRegion);
  const authenticate = createAuthenticate(
    ...(options.others ?? []),
    ...(departments ? [departments.verify] : []),
  );

  return {
    admit(request) {
      const { headers } = request;
      return andThen(authenticate(request), (caller) => ({
        caller,
        occasion: occasionOf(headers),
        isStrict: wantsAllOrNothing(headers),
      }));
    },
    async admitFor(duty, request) {
      if (!mayDo(await authenticate(request), duty)) throw notAllowed('This is not for your role.');
    },
    ready: async () => departments?.ready(),
  };
}

export const arrivalOf = ({ headers, clientAddress }: Incoming): Arrival => ({
  headers,
  address: clientAddress,
});

/** Lets in who is known before anything more is read of a request; everybody where there is no admission. */
export const letIn = <More extends unknown[]>(
  admission: Admission | undefined,
  handler: (incoming: Incoming, ...more: More) => Promise<Reply>,
) =>
  answerRefused((incoming: Incoming, ...more: More) =>
    andThen(admission?.admit(arrivalOf(incoming)), (admitted) => {
      incoming.admitted = admitted;
      return handler(incoming, ...more);
    }),
  );

/** Answers only who may do this; everybody where there is no admission. */
export const onlyFor = (duty: Duty, admission: Admission | undefined, handler: Handler): Handler =>
  answerRefused(async (incoming) => {
    await admission?.admitFor(duty, arrivalOf(incoming));
    return handler(incoming);
  });
