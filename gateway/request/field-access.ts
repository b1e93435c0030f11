import type { Department } from '@wenshu/schema/caller.ts';
import type { ShareClass } from '@wenshu/schema/sharing.ts';

/** An access to a field: an operation shows it, or filters, orders or counts by it. */
export type FieldAccess = {
  /** `Type.field` */
  readonly coordinate: string;
  readonly class: ShareClass;
  /** The department that owns the data; undefined if the graph names none. */
  readonly owner?: Department | undefined;
  /** The id of the agreement under which this caller may read it. */
  readonly agreement?: string | undefined;
};
