import { HubError } from '@wenshu/schema/errors.ts';
import type { Context } from './context.ts';
import type { List } from './list.ts';
import type { PageArgs } from './page-args.ts';

type Filter = Readonly<Record<string, unknown>>;
type Asker = Pick<Context, 'caller' | 'isTrial'>;

/**
 * True if synthetic rows are read, false for real rows; never both, so that no count, rate or sum mixes them. A partner's key decides;
 * other callers may choose. The default is real rows, and synthetic rows on a trial hub.
 */
export function readsSynthetic({ caller, isTrial }: Asker, asked?: boolean | null): boolean {
  if (caller?.kind !== 'partner') return asked ?? isTrial;
  if (asked != null && asked !== caller.isTest) {
    const [key, kind, kindZh] = caller.isTest
      ? ['test key', 'synthetic', '合成']
      : ['live key', 'real', '真实'];
    throw new HubError('NOT_SHARED', `A ${key} reads ${kind} data only: leave "synthetic" out.`, {
      messageZh: `该密钥只能读取${kindZh}数据:请去掉 synthetic 参数。`,
    });
  }
  return caller.isTest;
}

/** Returns the arguments of a page with rows of one kind: the kind in its filter, else the default. */
export function ofOneKind<Args extends PageArgs>(
  list: Pick<List, 'filter'>,
  args: Args,
  asker: Asker,
  /** The kind of the parent, if that is a record. */
  ofParent?: boolean,
): Args {
  if (!list.filter.synthetic) return args;
  const isPartner = asker.caller?.kind === 'partner';
  if (!isPartner && namesKind(args.filter)) return args;
  return withKindFilter(args, readsSynthetic(asker, isPartner ? undefined : ofParent));
}

/** True if a filter names the kind. The gateway joins its own part and the caller's filter by `and`. */
const namesKind = (filter: PageArgs['filter']): boolean =>
  filter != null &&
  ((filter.synthetic as { eq?: boolean | null } | null | undefined)?.eq != null ||
    ((filter.and ?? []) as Filter[]).some(namesKind));

const made = { true: new WeakMap<PageArgs, PageArgs>(), false: new WeakMap<PageArgs, PageArgs>() };

/** Returns the arguments with a filter on `synthetic`. The result is kept, because all parents in a request share one arguments object. */
function withKindFilter<Args extends PageArgs>(args: Args, synthetic: boolean): Args {
  const known = made[`${synthetic}`];
  const kept = (known.get(args) ?? { ...args, filter: withKind(args.filter, synthetic) }) as Args;
  known.set(args, kept);
  return kept;
}

const withKind = (filter: PageArgs['filter'], synthetic: boolean): Filter => {
  const kind = { synthetic: { eq: synthetic } };
  return filter?.synthetic == null ? { ...filter, ...kind } : { and: [filter, kind] };
};
