import ipaddr from 'ipaddr.js';

/** Networks among the global ones of IPv6 that lead elsewhere or nowhere: IETF protocols with Teredo, examples, 6to4. */
const specialOfIpv6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'].map((network) =>
  ipaddr.IPv6.parseCIDR(network),
);
const globalOfIpv6 = ipaddr.IPv6.parseCIDR('2000::/3');
/** Networks for measurements between devices, RFC 2544. */
const benchmarking = ipaddr.IPv4.parseCIDR('198.18.0.0/15');

/**
 * Whether an address is one of the public internet. What is private, local, shared, multicast or reserved is not, nor
 * any form in which an IPv6 address stands for an IPv4 address: mapped, NAT64, 6to4.
 * https://www.iana.org/assignments/iana-ipv6-special-registry
 */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.parse(text);
  if (address instanceof ipaddr.IPv4) return address.range() === 'unicast' && !address.match(benchmarking);
  return address.match(globalOfIpv6) && !specialOfIpv6.some((network) => address.match(network));
}
