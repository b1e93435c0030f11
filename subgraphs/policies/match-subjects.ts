import { today } from '@wenshu/kit/today.ts';
import type { Fact, Subject } from './outcomes.ts';
import type { EnterpriseProfile, Resolvers } from './schema-types.ts';

type FactsOf<Field> = Field extends (subject: infer Facts, ...others: never[]) => unknown ? Facts : never;
export type EnterpriseFacts = FactsOf<Resolvers['Enterprise']['policyMatches']>;
type ParkFacts = FactsOf<Resolvers['Park']['policyMatches']>;

/** Returns an enterprise with the facts that other agencies keep of it. */
export const enterpriseSubject = ({
  id,
  kind,
  region,
  regionBasis,
  cultureDomainCode,
  isAboveScale,
  tiers,
  tiersCheckedOn,
  honours,
}: EnterpriseFacts): Subject => ({
  type: 'enterprise',
  id,
  region: region?.code ?? null,
  regionBasis: regionBasis ?? null,
  facts: {
    kind: onRecord(kind),
    cultureDomainCode: onRecord(cultureDomainCode),
    aboveScale: onRecord(isAboveScale),
    tier: tiers
      ? {
          values: tiers.filter(isInForce).map(({ tier }) => tier),
          isComplete: Boolean(tiersCheckedOn),
          basis: tiersCheckedOn ? 'RECORDED' : 'STATED',
        }
      : null,
    // The sources mention some honours. None of them gives all.
    honour:
      honours && honours.length > 0
        ? { values: honours.map(({ titleZh }) => titleZh), isComplete: false, basis: 'STATED' }
        : null,
  },
});

/** A tier that has expired is held no more. */
const isInForce = ({ expiresOn }: { readonly expiresOn?: string | null }) =>
  expiresOn == null || expiresOn >= today();

/** Returns a park with the facts that its agency keeps of it. */
export const parkSubject = ({ id, kind, region }: ParkFacts): Subject => ({
  type: 'park',
  id,
  region: region?.code ?? null,
  regionBasis: 'RECORDED',
  facts: { kind: onRecord(kind) },
});

/** Returns an enterprise of which only a profile is known. */
export const profileSubject = (profile: EnterpriseProfile): Subject => ({
  type: 'enterprise',
  id: null,
  region: profile.regionCode ?? null,
  regionBasis: 'STATED',
  facts: {
    kind: given(profile.kind),
    cultureDomainCode: given(profile.cultureDomainCode),
    aboveScale: given(profile.isAboveScale),
    tier: allGiven(profile.tiers),
    honour: allGiven(profile.honours),
    onList: allGiven(profile.listIds),
    businessField: allGiven(profile.businessFields),
    activityType: allGiven(profile.activityTypes),
    role: allGiven(profile.roles),
  },
});

type Value = string | boolean | null | undefined;

const onRecord = (value: Value): Fact | null =>
  value == null ? null : { values: [String(value)], isComplete: true, basis: 'RECORDED' };

const given = (value: Value): Fact | null => (value == null ? null : allGiven([String(value)]));

const allGiven = (values: readonly string[] | null | undefined): Fact | null =>
  values ? { values, isComplete: true, basis: 'STATED' } : null;
