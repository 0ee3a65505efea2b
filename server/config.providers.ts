import { BlockList, isIP } from 'node:net';
import { z } from 'zod';

/** An identity provider as it is configured. */
export interface ProviderSettings {
  readonly id: string;
  readonly name: string;
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

const GOOGLE_ISSUER = 'https://accounts.google.com';
const MICROSOFT = 'https://login.microsoftonline.com';

/** Not tenants but all of them at once: any administrator anywhere could then speak for anybody. */
const EVERY_TENANT = ['common', 'organizations', 'consumers'];

// No message repeats a value: a secret pasted into the wrong field must not reach a log.
const fault = (problem: string, expected: string) => `${problem}; expected ${expected}`;

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8);
loopback.addAddress('::1', 'ipv6');

/** Of a host as it stands in HOST, or of a URL's hostname. */
export function isLoopback(host: string): boolean {
  const address = host.replace(/^\[(.*)\]$/, '$1');
  const family = isIP(address);
  if (family === 0) return host.toLowerCase() === 'localhost';
  return loopback.check(address, family === 6 ? 'ipv6' : 'ipv4');
}

const VISIBLE = 'visible ASCII characters without spaces';
const visible = () => z.string().regex(/^[\x21-\x7e]+$/, fault('is not valid', VISIBLE));

export const clientId = visible;
/** Providers put anything printable into secrets. */
export const clientSecret = () =>
  z.string().regex(/^[\x20-\x7e]+$/, fault('is not valid', 'printable ASCII characters'));

export function microsoftTenant() {
  return z
    .string()
    .regex(/^[\w.-]+$/, fault('is not a tenant', 'its id, or its domain name'))
    .refine(
      (tenant) => !EVERY_TENANT.includes(tenant.toLowerCase()),
      fault('stands for every tenant', 'the id of one'),
    );
}

/** An issuer as OpenID Connect Discovery 1.0 has it: https without query and fragment; http only on loopback. */
function isIssuer(text: string): boolean {
  const url = URL.parse(text);
  if (!url || url.search || url.hash || url.username || url.password || /[?#\s]/.test(text)) return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname));
}

function isEveryTenant(issuer: string): boolean {
  const url = URL.parse(issuer);
  const tenant = url?.pathname.split('/')[1] ?? '';
  return url?.origin === MICROSOFT && EVERY_TENANT.includes(tenant.toLowerCase());
}

const ISSUER = 'an https URL without query and fragment (http on loopback)';
const entry = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]{1,40}$/, fault('is not valid', '1 to 40 of a-z, 0-9 and -')),
  name: z
    .string()
    .refine(
      (name) => name.trim() === name && name.length > 0 && name.length <= 80 && !/\p{Cc}/u.test(name),
      fault('is not valid', '1 to 80 characters, none of them control characters'),
    ),
  issuer: z
    .string()
    .refine(isIssuer, fault('is not an issuer', ISSUER))
    .refine((issuer) => !isEveryTenant(issuer), fault('stands for every tenant', 'the issuer of one')),
  clientId: clientId(),
  clientSecret: clientSecret(),
});

/** Faults name the entry, from 1 up, and the field. */
export function providers() {
  const expected = 'a JSON list of {"id","name","issuer","clientId","clientSecret"}';
  return z.string().transform((text, context): readonly ProviderSettings[] => {
    const list = readJson(text);
    if (!Array.isArray(list)) {
      context.addIssue(fault('is not a JSON list', expected));
      return z.NEVER;
    }
    return list.flatMap((given: unknown, index) => {
      const parsed = entry.safeParse(given);
      if (parsed.success) {
        const isRepeated = list.slice(0, index).some((other: unknown) => idOf(other) === parsed.data.id);
        if (!isRepeated) return [parsed.data];
        context.addIssue(fault(`entry ${index + 1}: id repeats an earlier one`, 'one that is unique'));
        return [];
      }
      for (const issue of parsed.error.issues)
        context.addIssue(`entry ${index + 1}: ${describe(issue, given)}`);
      return [];
    });
  });
}

function describe(issue: z.core.$ZodIssue, given: unknown): string {
  const [field] = issue.path;
  // The names of unknown fields are not repeated either.
  if (issue.code === 'unrecognized_keys')
    return fault('has a field too many', 'id, name, issuer, clientId, clientSecret');
  if (field === undefined) return fault('is not an object', 'id, name, issuer, clientId, clientSecret');
  const name = String(field);
  const isMissing = !Object.hasOwn(given as object, name);
  if (isMissing) return fault(`${name} is missing`, 'text');
  return issue.code === 'invalid_type' ? fault(`${name} is not text`, 'text') : `${name} ${issue.message}`;
}

const idOf = (given: unknown): unknown =>
  typeof given === 'object' && given !== null ? (given as { id?: unknown }).id : undefined;

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Exactly as the browser will come back, since providers compare character by character: https, or http on loopback,
 * without query and fragment, which the provider adds itself.
 */
export function readRedirectUri(text: string): string | undefined {
  const url = URL.parse(text);
  if (!url || url.href !== text || url.username || url.password || /[?#]/.test(text)) return undefined;
  const isSafe = url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname));
  return isSafe ? text : undefined;
}

/** The providers in the order in which people see them: Google, Microsoft, then the list. */
export function toProviders(env: {
  OIDC_GOOGLE_CLIENT_ID?: string;
  OIDC_GOOGLE_CLIENT_SECRET?: string;
  OIDC_MICROSOFT_CLIENT_ID?: string;
  OIDC_MICROSOFT_CLIENT_SECRET?: string;
  OIDC_MICROSOFT_TENANT?: string;
  OIDC_PROVIDERS?: readonly ProviderSettings[];
}): readonly ProviderSettings[] {
  const found: ProviderSettings[] = [];
  if (env.OIDC_GOOGLE_CLIENT_ID !== undefined && env.OIDC_GOOGLE_CLIENT_SECRET !== undefined) {
    found.push({
      id: 'google',
      name: 'Google',
      issuer: GOOGLE_ISSUER,
      clientId: env.OIDC_GOOGLE_CLIENT_ID,
      clientSecret: env.OIDC_GOOGLE_CLIENT_SECRET,
    });
  }
  if (env.OIDC_MICROSOFT_CLIENT_ID !== undefined && env.OIDC_MICROSOFT_CLIENT_SECRET !== undefined) {
    found.push({
      id: 'microsoft',
      name: 'Microsoft',
      issuer: `${MICROSOFT}/${env.OIDC_MICROSOFT_TENANT}/v2.0`,
      clientId: env.OIDC_MICROSOFT_CLIENT_ID,
      clientSecret: env.OIDC_MICROSOFT_CLIENT_SECRET,
    });
  }
  return [...found, ...(env.OIDC_PROVIDERS ?? [])];
}
