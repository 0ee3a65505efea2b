import type { CallOptions } from '../graphql-client.ts';

// Browsers and networks, for tests of sign-ins from new devices. The app trusts its proxy.

export const FIREFOX_WINDOWS =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0';
/** The next version of the same browser: the same device. */
export const FIREFOX_WINDOWS_NEXT =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:141.0) Gecko/20100101 Firefox/141.0';
export const SAFARI_IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1';

let addresses = 0;
/** An address that no other sign-in has come from. */
export function newAddress(): string {
  addresses += 1;
  return `198.51.${100 + (addresses >> 8)}.${addresses & 255}`;
}

/** A request of a browser. */
export const by = (userAgent: string, address: string): CallOptions => ({
  headers: { 'user-agent': userAgent, 'x-forwarded-for': address },
});
