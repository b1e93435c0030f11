export * from './tables/assessments.ts';
export * from './tables/blacklist.ts';
export * from './tables/enterprises.ts';
export * from './tables/guide-prices.ts';
export * from './tables/inspections.ts';
export { enumValues } from './tables/record-columns.ts';
export * from './tables/returns.ts';
export * from './tables/shared.ts';
