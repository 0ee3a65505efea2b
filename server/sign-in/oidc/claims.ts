import { normaliseEmail } from '../../accounts/email.ts';
import { addSeconds } from '../../clock.ts';

/** The claims of a checked ID token, or of the UserInfo answer to the same subject. */
export type Claims = Readonly<Record<string, unknown>>;

/** Who signed in at a provider: (issuer, subject) and nothing else (OpenID Connect Core 1.0, section 5.7). */
export interface Person {
  issuer: string;
  subject: string;
  /** When they signed in at the provider; null where it does not say. */
  authenticatedAt: Date | null;
  /** The `session_expiry` of IPSIE: when a session that rests on this sign-in has to be over; null: no such wish. */
  endsBy: Date | null;
}

export const MICROSOFT_ORIGIN = 'https://login.microsoftonline.com';
/** Where JavaScript's dates end, in seconds. */
const LAST_SECOND = 8_640_000_000_000;
/** OpenID Connect Core 1.0, section 2. */
const SUBJECT_LENGTH = 255;

/** Null where a claim is not what it has to be. Times are Unix seconds. */
export function readPerson(claims: Claims): Person | null {
  const { iss, sub, auth_time: authTime, session_expiry: sessionExpiry } = claims;
  if (typeof iss !== 'string' || typeof sub !== 'string') return null;
  if (sub.length === 0 || sub.length > SUBJECT_LENGTH || !isStorable(sub)) return null;
  const authenticatedAt = toInstant(authTime);
  const endsBy = toInstant(sessionExpiry);
  if (authenticatedAt === undefined || endsBy === undefined) return null;
  return { issuer: iss, subject: sub, authenticatedAt, endsBy };
}

/** Undefined for what is no time. */
function toInstant(value: unknown): Date | null | undefined {
  if (value === undefined || value === null) return null;
  const isTime = typeof value === 'number' && value >= 0 && value <= LAST_SECOND;
  return isTime ? new Date(Math.floor(value * 1000)) : undefined;
}

/**
 * The e-mail address that the provider says is this person's, in the form that signs in here; null when it does not
 * vouch for it. Microsoft's `email` is whatever an administrator of any tenant typed, unless `xms_edov` says that the
 * domain's owner was verified; `preferred_username` and `upn` are names, not addresses that anybody proved.
 */
export function verifiedEmail(issuer: string, claims: Claims): string | null {
  const { email } = claims;
  if (typeof email !== 'string' || !isVerified(issuer, claims)) return null;
  const normalised = normaliseEmail(email);
  return normalised !== '' && isStorable(normalised) ? normalised : null;
}

function isVerified(issuer: string, claims: Claims): boolean {
  if (!isMicrosoft(issuer)) return claims.email_verified === true;
  return [true, 1, '1', 'true'].some((yes) => claims.xms_edov === yes);
}

export const isMicrosoft = (issuer: string): boolean => URL.parse(issuer)?.origin === MICROSOFT_ORIGIN;

// PostgreSQL's text takes no NUL, and two different lone surrogates would be stored as the same character.
const isStorable = (text: string): boolean => !text.includes('\0') && text.isWellFormed();

/**
 * How long ago, in seconds, the person may have signed in at the provider for a session to begin now, when they signed
 * in longer ago than that or the provider's own session is over; null when they may come in. Equal to the limit is
 * not yet too long ago, as with `max_age`; an end equal to now is over.
 */
export function reauthenticationAge(person: Person, limitSeconds: number, now: Date): number | null {
  if (person.endsBy && person.endsBy <= now) return 0;
  const { authenticatedAt } = person;
  return authenticatedAt && addSeconds(authenticatedAt, limitSeconds) < now ? limitSeconds : null;
}
