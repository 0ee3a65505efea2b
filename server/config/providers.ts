import { z } from 'zod';
import { toAsciiLowerCase } from '../email.ts';
import { isLoopback } from './loopback.ts';
import { fault } from './variables/fault.ts';

/** A configured identity provider. */
export interface ProviderSettings {
  readonly id: string;
  readonly name: string;
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** In ASCII lower case. The provider may vouch for users whose sign-in e-mail is in one of them. Absent: in any. */
  readonly emailDomains?: readonly string[];
  /** The provider may vouch for users of these accounts. Absent: of any. */
  readonly accountIds?: readonly string[];
}

const GOOGLE_ISSUER = 'https://accounts.google.com';
const MICROSOFT = 'https://login.microsoftonline.com';

/** Names that stand for all tenants at once: any tenant's administrator could then vouch for any user. */
const EVERY_TENANT = ['common', 'organizations', 'consumers'];

const VISIBLE = 'visible ASCII characters without spaces';
const visible = () => z.string().regex(/^[\x21-\x7e]+$/, fault('is not valid', VISIBLE));

export const clientId = visible;
/** Providers use any printable character in secrets. */
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

/** An issuer as in OpenID Connect Discovery 1.0: https without query and fragment. http only on loopback. */
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

/** Rejects an empty list: a provider that may vouch for no user is a mistake. */
function nonEmptyList(pattern: RegExp, expected: string) {
  const message = fault('is not valid', expected);
  return z
    .array(z.string(message).max(253, message).regex(pattern, message), message)
    .nonempty(message)
    .transform((entries) => entries.map(toAsciiLowerCase))
    .optional();
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
  emailDomains: nonEmptyList(
    /^(?:[a-z0-9-]{1,63}\.)+[a-z0-9-]{2,63}$/i,
    'a list of domains such as example.com, in ASCII, without wildcards',
  ),
  accountIds: nonEmptyList(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, 'a list of account ids'),
});

/** Reads the JSON list of providers. Faults name the entry, from 1 up, and the field. */
export function providers() {
  const expected =
    'a JSON list of {"id","name","issuer","clientId","clientSecret"}, with optional "emailDomains" and "accountIds"';
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
  // A message does not repeat the names of unknown fields either.
  if (issue.code === 'unrecognized_keys')
    return fault(
      'has an unknown field',
      'id, name, issuer, clientId, clientSecret, emailDomains, accountIds',
    );
  if (field === undefined) return fault('is not an object', 'id, name, issuer, clientId, clientSecret');
  const name = String(field);
  const isMissing = !Object.hasOwn(given as object, name);
  if (isMissing) return fault(`${name} is missing`, 'text');
  const isList = name === 'emailDomains' || name === 'accountIds';
  return issue.code === 'invalid_type' && !isList
    ? fault(`${name} is not text`, 'text')
    : `${name} ${issue.message}`;
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
 * Returns the URI when it is written as a browser writes it, because providers compare character by character: https, or
 * http on loopback, without query and fragment, which the provider adds.
 */
export function readRedirectUri(text: string): string | undefined {
  const url = URL.parse(text);
  if (!url || url.href !== text || url.username || url.password || /[?#]/.test(text)) return undefined;
  const isSafe = url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname));
  return isSafe ? text : undefined;
}

/** Returns the providers in the order of the sign-in page: Google, Microsoft, then the list. */
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
