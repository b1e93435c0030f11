import { badInput, type Words } from '@wenshu/schema/errors.ts';
import ipaddr from 'ipaddr.js';
import { isPublicAddress } from './public-address.ts';

/** Hosts inside the network to which webhooks may be sent, each with or without a port. */
export type AllowedHosts = readonly string[];

const maxLength = 2_000;

/** Whether the operator allows this host by name: then it may be inside the network, and need not speak TLS. */
export const isAllowedHost = ({ hostname, host }: URL, hosts: AllowedHosts): boolean =>
  hosts.includes(hostname) || hosts.includes(host);

/** Returns the address in the host of a URL; undefined for a name. */
export function addressIn({ hostname }: URL): string | undefined {
  const text = hostname.replace(/^\[|\]$/g, '');
  return ipaddr.isValid(text) ? text : undefined;
}

/** Returns why nothing may be sent to a URL; undefined if it may. What a name leads to is checked when it is resolved. */
export function problemOf(text: string, hosts: AllowedHosts): Words | undefined {
  const url = URL.parse(text);
  if (!url || text.length > maxLength) {
    return {
      message: `It must be an address like https://example.com/events, of at most ${maxLength} characters.`,
      messageZh: `须为形如 https://example.com/events 的地址,至多 ${maxLength} 个字符。`,
    };
  }
  if (url.username !== '' || url.password !== '' || url.hash !== '') {
    return {
      message: 'It must not have a user name, a password or a fragment.',
      messageZh: '不得含用户名、密码或片段。',
    };
  }
  if (isAllowedHost(url, hosts)) return /^https?:$/.test(url.protocol) ? undefined : notHttps;
  if (url.protocol !== 'https:') return notHttps;
  const address = addressIn(url);
  return address === undefined || isPublicAddress(address) ? undefined : inside;
}

const notHttps: Words = { message: 'It must begin with https://.', messageZh: '须以 https:// 开头。' };
const inside: Words = {
  message: 'It must not be inside the network. Ask the operator to allow the host.',
  messageZh: '不得在内部网络。请联系运维人员准许该主机。',
};

/** Refuses an address to which nothing may be sent. */
export function refuseUnusableAddress(text: string, hosts: AllowedHosts): void {
  const problem = problemOf(text, hosts);
  if (problem) {
    throw badInput(
      'input.url',
      `"url" is not usable. ${problem.message}`,
      `“url”不可用:${problem.messageZh}`,
    );
  }
}
