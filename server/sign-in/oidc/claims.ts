import { readEmail } from '../../email.ts';
import { addSeconds } from '../../clock.ts';
import { isStorable } from '../../database/ids.ts';

/** The claims of a verified ID token, or of the UserInfo response about its subject. */
export type Claims = Readonly<Record<string, unknown>>;

/** A person at a provider, identified only by issuer and subject (OpenID Connect Core 1.0, section 5.7). */
export interface Person {
  issuer: string;
  subject: string;
  /** The time of the sign-in at the provider. Null: it does not say. */
  authenticatedAt: Date | null;
  /** The `session_expiry` of IPSIE: the latest end of a session based on this sign-in. Null: none. */
  endsBy: Date | null;
}

const MICROSOFT_ORIGIN = 'https://login.microsoftonline.com';
/** The last second of JavaScript's dates. */
const LAST_SECOND = 8_640_000_000_000;
/** OpenID Connect Core 1.0, section 2. */
const SUBJECT_LENGTH = 255;

/** Reads a person from the claims, whose times are Unix seconds. Null: a claim is missing or malformed. */
export function readPerson(claims: Claims): Person | null {
  const { iss, sub, auth_time: authTime, session_expiry: sessionExpiry } = claims;
  if (typeof iss !== 'string' || typeof sub !== 'string') return null;
  if (sub.length === 0 || sub.length > SUBJECT_LENGTH || !isStorable(sub)) return null;
  const authenticatedAt = toInstant(authTime);
  const endsBy = toInstant(sessionExpiry);
  if (authenticatedAt === undefined || endsBy === undefined) return null;
  return { issuer: iss, subject: sub, authenticatedAt, endsBy };
}

/** Null without a value, undefined for a malformed one. */
function toInstant(value: unknown): Date | null | undefined {
  if (value === undefined || value === null) return null;
  const isTime = typeof value === 'number' && value >= 0 && value <= LAST_SECOND;
  return isTime ? new Date(Math.floor(value * 1000)) : undefined;
}

/**
 * Returns the e-mail address that the provider vouches for, in the form compared at sign-in. Null: it vouches for none.
 * Microsoft's `email` is any text that an administrator of any tenant entered, unless `xms_edov` says that the owner of
 * the domain was verified; `preferred_username` and `upn` are names, not verified addresses.
 */
export function verifiedEmail(issuer: string, claims: Claims): string | null {
  const { email } = claims;
  return typeof email === 'string' && isVerified(issuer, claims) ? readEmail(email) : null;
}

function isVerified(issuer: string, claims: Claims): boolean {
  if (!isMicrosoft(issuer)) return claims.email_verified === true;
  return [true, 1, '1', 'true'].some((yes) => claims.xms_edov === yes);
}

export const isMicrosoft = (issuer: string): boolean => URL.parse(issuer)?.origin === MICROSOFT_ORIGIN;

/**
 * Tells whether the person has to sign in at the provider again: when that sign-in is older than the limit, or when
 * the provider's own session has ended. Returns the `max_age` to ask for in seconds; null: they may sign in. An age
 * equal to the limit passes, as with `max_age`; an end equal to now has passed.
 */
export function reauthenticationAge(person: Person, limitSeconds: number, now: Date): number | null {
  if (person.endsBy && person.endsBy <= now) return 0;
  const { authenticatedAt } = person;
  return authenticatedAt && addSeconds(authenticatedAt, limitSeconds) < now ? limitSeconds : null;
}

/** When the person had proved at the provider who they are, where that is before the sign-in here. Undefined: with it. */
export const authenticationBefore = ({ authenticatedAt }: Person, signInAt: Date): Date | undefined =>
  authenticatedAt && authenticatedAt < signInAt ? authenticatedAt : undefined;
