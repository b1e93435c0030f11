/** A certificate with its key, and the authority that has to have signed the other side's; all as PEM. */
export type MutualTls = { readonly cert: string; readonly key: string; readonly ca: string };
