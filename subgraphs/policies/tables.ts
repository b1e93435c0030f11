export * from './tables/agencies.ts';
export * from './tables/open-calls.ts';
export * from './tables/payouts.ts';
export * from './tables/policies.ts';
export * from './tables/service-requests.ts';
export * from './tables/shared.ts';
export * from './tables/star-lists.ts';
