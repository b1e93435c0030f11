/** A certificate, its key, and the authority that must have signed the certificate of the other side; all as PEM. */
export type MutualTls = { readonly cert: string; readonly key: string; readonly ca: string };
