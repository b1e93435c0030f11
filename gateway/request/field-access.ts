import type { Department } from '@wenshu/schema/caller.ts';
import type { ShareClass } from '@wenshu/schema/sharing.ts';

/** A field that an operation reads, be it to show, filter, order or count by it. */
export type FieldAccess = {
  /** `Type.field` */
  readonly coordinate: string;
  readonly class: ShareClass;
  /** The department that keeps it; undefined where the graph names none. */
  readonly owner?: Department | undefined;
  /** The id of the agreement under which this caller may read it. */
  readonly agreement?: string | undefined;
};
