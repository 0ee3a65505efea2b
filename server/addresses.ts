import proxyAddr from '@fastify/proxy-addr';
import ipaddr from 'ipaddr.js';
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import type { TrustProxy } from './config/variables.ts';

/** `[2001:db8::1]:443`, with or without the port. */
const BRACKETED = /^\[([^[\]]*)\](?::\d{1,5})?$/;
const IPV4_WITH_PORT = /^([\d.]+):\d{1,5}$/;
/** A subscriber has at least a /64 of IPv6 (RFC 6177) and may use any address in it. */
const IPV6_NETWORK_BITS = 64;

/**
 * Returns the address in its canonical form: without port, brackets and zone, IPv4-mapped IPv6 as IPv4, IPv6 by RFC
 * 5952. Null: it is no address.
 */
export function readAddress(text: string | null | undefined): string | null {
  const trimmed = text?.trim() ?? '';
  const bare = BRACKETED.exec(trimmed)?.[1] ?? IPV4_WITH_PORT.exec(trimmed)?.[1] ?? trimmed;
  // Stricter than ipaddr.js, which also accepts `127.1` and hexadecimal parts.
  if (isIP(bare) === 0) return null;
  return ipaddr.process(bare.split('%', 1)[0]!).toString();
}

/** The network that stands for a client in limits: the IPv4 address, or the /64 of an IPv6 address. */
export function networkOf(address: string | null): string {
  const read = readAddress(address);
  if (read === null) return 'unknown';
  return isIP(read) === 6
    ? `${ipaddr.IPv6.networkAddressFromCIDR(`${read}/${IPV6_NETWORK_BITS}`).toString()}/${IPV6_NETWORK_BITS}`
    : read;
}

type Trust = (address: string, hop: number) => boolean;

/** Builds the predicate of trusted hops. A proxy's headers count only if all hops up to it are trusted. */
export function toTrustFunction(trustProxy: TrustProxy): Trust {
  if (typeof trustProxy === 'boolean') return () => trustProxy;
  if (typeof trustProxy === 'function') return trustProxy;
  return proxyAddr.compile(trustProxy.split(',').map((network) => network.trim()));
}

/**
 * Reads the client's address: the last hop that the trusted proxies name. If a proxy names something that is no
 * address, the proxy's own address. Null: there is none.
 */
export function createAddressReader(trustProxy: TrustProxy): (request: IncomingMessage) => string | null {
  const trust = toTrustFunction(trustProxy);
  const trustAddress: Trust = (text, hop) => {
    const address = readAddress(text);
    return address !== null && trust(address, hop);
  };
  return (request) =>
    proxyAddr
      .all(request, trustAddress)
      .map(readAddress)
      .findLast((address) => address !== null) ?? null;
}
