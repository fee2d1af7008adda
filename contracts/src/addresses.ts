import { z } from 'zod';

interface Ip {
  bits: 32 | 128;
  value: bigint;
}

function readIpv4(text: string): bigint | undefined {
  if (!z.ipv4().safeParse(text).success) return undefined;
  return text.split('.').reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
}

/** The eight groups of an IPv6 address that was checked to be one. */
function ipv6Value(text: string): bigint {
  const dotted = /^(.*:)([\d.]+)$/.exec(text);
  const tail = dotted?.[2]?.includes('.') ? readIpv4(dotted[2]) : undefined;
  const whole =
    tail === undefined
      ? text
      : `${dotted?.[1] ?? ''}${(tail >> 16n).toString(16)}:${(tail & 0xffffn).toString(16)}`;
  const [before = '', after] = whole.split('::');
  const groups = (part: string): string[] => (part === '' ? [] : part.split(':'));
  const head = groups(before);
  const end = after === undefined ? [] : groups(after);
  const gap = Array.from({ length: 8 - head.length - end.length }, () => '0');
  return [...head, ...gap, ...end].reduce((sum, group) => sum * 65_536n + BigInt(`0x${group}`), 0n);
}

/** Reads an address; IPv4 in IPv6's clothes (::ffff:10.0.0.1) is IPv4. @returns undefined for a name */
function readIp(text: string): Ip | undefined {
  const four = readIpv4(text);
  if (four !== undefined) return { bits: 32, value: four };
  if (!z.ipv6().safeParse(text).success) return undefined;
  const value = ipv6Value(text);
  return value >> 32n === 0xffffn ? { bits: 32, value: value & 0xffff_ffffn } : { bits: 128, value };
}

/** Whether an address lies in a network ("10.0.0.0/8") or is the one that is named. */
function isIn(ip: Ip, entry: string): boolean {
  const [address = '', length] = entry.split('/');
  const network = readIp(address);
  if (network?.bits !== ip.bits) return false;
  const free = BigInt(ip.bits - Number(length ?? ip.bits));
  return ip.value >> free === network.value >> free;
}

const EXPECTED =
  'expected hosts (camera.example), all below a domain (*.camera.example), addresses or networks (10.0.0.0/8)';
const NAME = /^(\*\.)?[\p{L}\p{N}_-]+(\.[\p{L}\p{N}_-]+)*$/u;
const isNetwork = (text: string): boolean =>
  z.cidrv4().safeParse(text).success || z.cidrv6().safeParse(text).success;

function words(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  const parts = value.replace(/^\s*\[|\]\s*$/g, '').split(',');
  return parts.map((part) => part.trim().replace(/^"(.*)"$/, '$1')).filter((part) => part !== '');
}

/** A list of hosts in a configuration; the environment writes it with commas. */
export const hostListSchema = z.preprocess(
  words,
  z.array(
    z
      .string({ error: EXPECTED })
      .toLowerCase()
      .refine((text) => isNetwork(text) || readIp(text) !== undefined || NAME.test(text), {
        error: ({ input }) => `${JSON.stringify(input)}: ${EXPECTED}`,
      }),
    { error: EXPECTED },
  ),
);

/** Networks that the internet does not reach (RFC 1918, RFC 4193) and this machine itself. No link-local ones: clouds answer there. */
export const PRIVATE_NETWORKS: readonly string[] = [
  ...['127.0.0.0/8', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '::1/128', 'fc00::/7'],
];

/** Which hosts may be opened, and how that is configured. */
export interface HostRule {
  /** The key of the configuration, for messages: centre.cameraHosts. */
  key: string;
  /** What is configured; undefined when nothing is. */
  hosts: readonly string[] | undefined;
  /** In production nothing is allowed that is not listed; else private networks are, where nothing is listed. */
  production: boolean;
}

function isNamed(host: string, entries: readonly string[]): boolean {
  return entries.some((entry) => (entry.startsWith('*.') ? host.endsWith(entry.slice(1)) : host === entry));
}

/**
 * Why an address of a camera or a screen may not be opened. A name that is not listed itself is allowed when all
 * addresses that it stands for are.
 * @param resolve the addresses of a name; rejects when there is none
 * @returns undefined when it may; else what was given and what is expected
 */
export async function whyNotOpen(
  url: string,
  { key, hosts, production }: HostRule,
  resolve: (name: string) => Promise<readonly string[]>,
): Promise<string | undefined> {
  if (!URL.canParse(url)) return 'is not an address with a host';
  const host = new URL(url).hostname.toLowerCase().replace(/^\[|\]$|\.$/g, '');
  const allowed = hosts ?? (production ? [] : PRIVATE_NETWORKS);
  const listed = allowed.length === 0 ? 'nothing yet' : allowed.join(', ');
  const expected = `expected a host that ${key} allows (${listed}${hosts ? '' : ', as nothing is configured'})`;
  if (host === '') return `has no host; ${expected}`;
  if (isNamed(host, allowed)) return undefined;
  const isOpen = (ip: Ip | undefined): boolean =>
    ip !== undefined && allowed.some((entry) => isIn(ip, entry));
  const literal = readIp(host);
  if (literal) return isOpen(literal) ? undefined : `the host ${host} is not allowed; ${expected}`;
  let found: readonly string[];
  try {
    found = await resolve(host);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return `the host ${host} cannot be resolved (${why}); ${expected}`;
  }
  const outside = found.find((address) => !isOpen(readIp(address)));
  if (found.length > 0 && outside === undefined) return undefined;
  return `the host ${host} is not allowed (${outside ?? 'it has no address'}); ${expected}`;
}
