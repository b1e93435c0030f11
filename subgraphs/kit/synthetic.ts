import { HubError } from '@wenshu/schema/errors.ts';
import type { Context } from './context.ts';
import type { List } from './list.ts';
import type { PageArgs } from './page-args.ts';

type Filter = Readonly<Record<string, unknown>>;
type Asker = Pick<Context, 'caller' | 'isTrial'>;

/**
 * Whether synthetic rows are read, or real ones: never both, so that no count, rate or sum is of both. A partner's key
 * decides it; others may ask for it, and are else given real ones, on a trial hub synthetic ones.
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

/** The arguments of a page with which it holds rows of one kind: that which its filter names, else the default. */
export function ofOneKind<Args extends PageArgs>(
  list: Pick<List, 'filter'>,
  args: Args,
  asker: Asker,
  /** What the rows belong to decides, where that is a record. */
  ofParent?: boolean,
): Args {
  if (!list.filter.synthetic) return args;
  const isPartner = asker.caller?.kind === 'partner';
  if (!isPartner && namesKind(args.filter)) return args;
  return narrowed(args, readsSynthetic(asker, isPartner ? undefined : ofParent));
}

/** Of a filter by the gateway, what it makes of it and what the caller said are joined by `and`. */
const namesKind = (filter: PageArgs['filter']): boolean =>
  filter != null &&
  ((filter.synthetic as { eq?: boolean | null } | null | undefined)?.eq != null ||
    ((filter.and ?? []) as Filter[]).some(namesKind));

const made = { true: new WeakMap<PageArgs, PageArgs>(), false: new WeakMap<PageArgs, PageArgs>() };

/** Made once of the same arguments: all parents in a request are asked with one object. */
function narrowed<Args extends PageArgs>(args: Args, synthetic: boolean): Args {
  const known = made[`${synthetic}`];
  const kept = (known.get(args) ?? { ...args, filter: withKind(args.filter, synthetic) }) as Args;
  known.set(args, kept);
  return kept;
}

const withKind = (filter: PageArgs['filter'], synthetic: boolean): Filter => {
  const kind = { synthetic: { eq: synthetic } };
  return filter?.synthetic == null ? { ...filter, ...kind } : { and: [filter, kind] };
};
