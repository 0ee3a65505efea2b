import ipaddr from 'ipaddr.js';
import { resolve4, resolve6, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';

/** The receiver's name leads into a private network, or to this machine. */
export class PrivateAddressError extends Error {
  constructor() {
    super('The address is not public.');
    this.name = 'PrivateAddressError';
  }
}

/** Global unicast (RFC 4291, section 2.4). All other IPv6 is local, special, or carries an IPv4 address (NAT64: 64:ff9b::/96). */
const GLOBAL_IPV6 = ipaddr.IPv6.parseCIDR('2000::/3');

/**
 * Whether packets to this address leave for the public Internet. IPv4-mapped IPv6 counts as its IPv4 address; NAT64, 6to4
 * and Teredo, which lead to an IPv4 address that a translator chooses, are not public.
 */
export function isPublicAddress(text: string): boolean {
  if (isIP(text) === 0) return false;
  const address = ipaddr.process(text.split('%', 1)[0]!);
  if (address.range() !== 'unicast') return false;
  return address.kind() === 'ipv4' || address.match(GLOBAL_IPV6);
}

/** A host as a URL has it: a literal address without its brackets. */
const bareHost = ({ hostname }: URL): string => hostname.replace(/^\[|\]$/g, '');

/** Whether the host is written as an address, or as a name of this machine, that is not public. Needs no resolver. */
export function isPrivateHost(url: URL): boolean {
  const host = bareHost(url);
  if (isIP(host) !== 0) return !isPublicAddress(host);
  const name = host.replace(/\.$/, '');
  return name === 'localhost' || name.endsWith('.localhost');
}

type Resolve = typeof resolve4;
type Lookup = Parameters<LookupFunction>;

/**
 * Resolves a name for the connection that is about to be opened, so that the address which was checked is the one that is
 * used (DNS rebinding). A name with any address that is not public is refused.
 *
 * Asks the name servers itself: the system's look-up takes one of four threads until it has an answer, which passwords are
 * hashed on, too. A name whose server never answers would stop sign-ins.
 */
export function createPublicLookup(resolvers: { resolve4: Resolve; resolve6: Resolve }): LookupFunction {
  return (...[hostname, options, callback]: Lookup) => {
    const wanted = options.family === 4 || options.family === 'IPv4' ? [4] : options.family ? [6] : [4, 6];
    Promise.all(wanted.map((family) => ask(family === 4 ? resolvers.resolve4 : resolvers.resolve6, family)))
      .then((answers) => {
        const addresses = answers.flatMap((answer) => (Array.isArray(answer) ? answer : []));
        const [first] = addresses;
        if (!first) return callback(answers.find((answer) => answer instanceof Error) ?? noAddress(), []);
        if (!addresses.every(({ address }) => isPublicAddress(address)))
          return callback(new PrivateAddressError(), []);
        if (options.all) return callback(null, addresses);
        callback(null, first.address, first.family);
      })
      .catch((error: Error) => callback(error, []));

    function ask(resolve: Resolve, family: number): Promise<LookupAddress[] | NodeJS.ErrnoException> {
      return new Promise((answer) =>
        resolve(hostname, (error, found) => answer(error ?? found.map((address) => ({ address, family })))),
      );
    }
  };
}

const noAddress = (): NodeJS.ErrnoException => Object.assign(new Error('No address.'), { code: 'ENOTFOUND' });

export const lookupPublic: LookupFunction = createPublicLookup({ resolve4, resolve6 });
