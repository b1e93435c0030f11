import type { CatalogueItem } from '@wenshu/schema/catalogue.ts';
import type { FieldAccess } from '../request/field-access.ts';
import type { SeenLine } from './audit-trail.ts';
import type { EnterpriseAccess } from './enterprise-access.ts';
import type { EnumLabel } from './enum-labels.ts';
import type { AgreementRow, ApiKeyRow, agreementEvents } from './tables.ts';

/** Row types of the GraphQL types. */
export interface Rows {
  Agreement: AgreementRow;
  AgreementEvent: typeof agreementEvents.$inferSelect;
  ApiKey: ApiKeyRow;
  AuditedField: FieldAccess;
  AuditRecord: SeenLine;
  CatalogueItem: CatalogueItem;
  EnterpriseAccess: EnterpriseAccess;
  EnumLabel: EnumLabel;
}
