import { isIP } from 'node:net';
import { z } from 'zod';
import { fault } from './fault.ts';
import { list, trueOrFalse, wholeNumber } from './formats.ts';

/** In the form of Fastify's `trustProxy`. */
export type TrustProxy = boolean | string | ((address: string, hop: number) => boolean);

/** Returns the origin as browsers send it: in lower case, without a default port. */
function readOrigin(text: string): string | undefined {
  if (!/^https?:\/\/[^/\s*]+\/?$/i.test(text) || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  return url.href === `${url.origin}/` ? url.origin : undefined;
}

function origin() {
  return z.string().transform((text, context) => {
    const read = readOrigin(text);
    if (read !== undefined) return read;
    context.addIssue(fault('is not an origin', 'http(s)://host or http(s)://host:port without a path'));
    return z.NEVER;
  });
}

function isHost(text: string): boolean {
  if (isIP(text) !== 0) return !text.includes('%');
  return /^[\w.-]+$/.test(text) && URL.canParse(`http://${text}`);
}

function readNetwork(text: string): string | undefined {
  const [, address = '', prefix] = /^([^/%]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const family = isIP(address);
  const bits = family === 6 ? 128 : family === 4 ? 32 : 0;
  const length = Number(prefix ?? bits);
  return length >= 1 && length <= bits ? text : undefined;
}

function trustProxy() {
  const expected =
    'true, false, a hop count from 1 up, or a comma separated list of addresses and CIDR ranges';
  const networks = list(expected, readNetwork).transform((entries) => entries.join(','));
  const hopCount = wholeNumber(1).transform(
    // Fastify 5.12 reads a number as "trust no proxy", so the count is passed as a function.
    (count) => (_address: string, hop: number) => hop < count,
  );
  return z.string().transform((text, context): TrustProxy => {
    if (text === 'true' || text === 'false') return text === 'true';
    const parsed = (/^-?\d+$/.test(text) ? hopCount : networks).safeParse(text);
    if (parsed.success) return parsed.data;
    context.addIssue(fault('is not valid', expected));
    return z.NEVER;
  });
}

export const http = {
  HOST: z
    .string()
    .refine(isHost, fault('is not a host', 'an IP address or a host name, without port, brackets or zone'))
    .prefault('127.0.0.1')
    .describe('The address that the server listens on.'),
  PORT: wholeNumber(0, 65535)
    .prefault('4000')
    .describe('The port that the server listens on. 0: any free port.'),
  PUBLIC_URL: origin()
    .optional()
    .describe(
      'The origin that browsers use, https when TLS ends at a proxy. By default derived from HOST and PORT.',
    ),
  ALLOWED_ORIGINS: list('comma separated origins such as https://app.example.com', readOrigin)
    .optional()
    .describe(
      'Further browser origins for CORS and WebSocket, comma separated. They authenticate with bearer tokens.',
    ),
  COOKIE_SECURE: trueOrFalse()
    .optional()
    .describe('Whether the refresh cookie is Secure. By default true when PUBLIC_URL is https.'),
  HSTS_INCLUDE_SUBDOMAINS: trueOrFalse()
    .prefault('false')
    .describe(
      "Whether Strict-Transport-Security includes the subdomains of PUBLIC_URL's host. Sent when the cookie is Secure.",
    ),
  TRUST_PROXY: trustProxy()
    .prefault('false')
    .describe(
      'The proxies whose X-Forwarded-For is trusted: false, comma separated addresses and CIDR ranges, or a hop count (only when clients cannot bypass the proxies). true trusts any sender and is refused with NODE_ENV=production.',
    ),
};
