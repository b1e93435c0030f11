import type { Carried } from '@wenshu/kit/workflow/carry-out.ts';
import type { StepRow } from '@wenshu/kit/workflow/tables.ts';
import type { CatalogueItem } from '@wenshu/schema/catalogue.ts';
import type { Metric } from '@wenshu/schema/metrics.ts';
import type { Json } from '../lib/json.ts';
import type { FieldAccess } from '../request/field-access.ts';
import type { SeenLine } from './audit-trail.ts';
import type { EnterpriseAccess } from './enterprise-access.ts';
import type {
  AgreementRow,
  ApiKeyRow,
  agreementEvents,
  CorrectionRow,
  WebhookDeliveryRow,
  WebhookRow,
} from './tables.ts';

/** A value of an enum, as people read it. */
export type EnumLabel = {
  readonly value: string;
  readonly labelZh: string | null;
  readonly labelEn: string | null;
};

/** Row types of the GraphQL types. */
export interface Rows {
  Correction: CorrectionRow;
  CorrectionPayload: Carried;
  CorrectionStep: StepRow;
  Agreement: AgreementRow;
  AgreementEvent: typeof agreementEvents.$inferSelect;
  ApiKey: ApiKeyRow;
  AuditedField: FieldAccess;
  AuditRecord: SeenLine;
  CatalogueItem: CatalogueItem;
  EnterpriseAccess: EnterpriseAccess;
  EnumLabel: EnumLabel;
  IndicatorMetric: Metric;
  Webhook: WebhookRow;
  WebhookDelivery: WebhookDeliveryRow;
  /** As the agency answered it. */
  Indicator: Json;
}
