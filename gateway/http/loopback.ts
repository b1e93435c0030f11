/** Returns whether the host of a URL can only be this machine, whatever a name server says. */
export const isLoopbackHost = (host: string): boolean => /^(localhost|127\.0\.0\.1|\[::1\])$/.test(host);
