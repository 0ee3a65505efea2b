import { isStorable } from '../database/ids.ts';
import { readEmail } from '../email.ts';
import { isObject } from '../is-object.ts';

/** What names a person (RFC 9493, section 3). */
export type PersonIdentifier =
  | { format: 'iss_sub'; issuer: string; subject: string }
  /** In the form that is compared. */
  | { format: 'email'; email: string };

export interface Subject {
  /** All of them name the same person. Empty: no person that could be found here. */
  identifiers: readonly PersonIdentifier[];
  /** The members of a complex subject that were not understood. A transmitter may call some of them critical. */
  notUnderstood: readonly string[];
}

/**
 * Reads a subject identifier (RFC 9493; SSF 1.0, section 3). Also takes what older transmitters write: `subject_type` in
 * place of `format`, with `-` for `_` (RISC), and a complex subject without `format`. A member other than `user` narrows the
 * subject down to something that Curfew does not know. Undefined there counts as identical (SSF 1.0, section 8.1.3.1), so
 * the user is meant. Null: malformed.
 */
export function readSubject(value: unknown): Subject | null {
  if (!isObject(value)) return null;
  const format = formatOf(value);
  if (format === 'complex') {
    const { format: _, subject_type: __, ...members } = value;
    const user = members.user === undefined ? [] : readIdentifiers(members.user);
    if (user === null) return null;
    const notUnderstood = Object.keys(members).filter((name) => name !== 'user' || user.length === 0);
    return { identifiers: user, notUnderstood };
  }
  const identifiers = readIdentifiers(value);
  return identifiers && { identifiers, notUnderstood: [] };
}

/** Empty: a format that names no person here. Null: malformed. */
function readIdentifiers(value: unknown): PersonIdentifier[] | null {
  if (!isObject(value)) return null;
  const format = formatOf(value);
  switch (format) {
    case null:
      return null;
    case 'iss_sub':
    case 'id_token_claims':
      return readIssuerAndSubject(value);
    case 'email':
      return readAddress(value);
    case 'aliases':
      return readAliases(value);
    default:
      return [];
  }
}

function readIssuerAndSubject({ iss, sub }: Record<string, unknown>): PersonIdentifier[] | null {
  if (typeof iss !== 'string' || typeof sub !== 'string') return null;
  return isStorable(iss) && isStorable(sub) ? [{ format: 'iss_sub', issuer: iss, subject: sub }] : [];
}

function readAddress({ email }: Record<string, unknown>): PersonIdentifier[] | null {
  if (typeof email !== 'string') return null;
  const read = readEmail(email);
  return read !== null && isStorable(read) ? [{ format: 'email', email: read }] : [];
}

const MAX_ALIASES = 20;

/** Not nested (RFC 9493, section 3.2.8). */
function readAliases({ identifiers }: Record<string, unknown>): PersonIdentifier[] | null {
  if (!Array.isArray(identifiers) || identifiers.length > MAX_ALIASES) return null;
  const read = identifiers.map((each: unknown) =>
    isObject(each) && formatOf(each) !== 'aliases' ? readIdentifiers(each) : null,
  );
  return read.every((each) => each !== null) ? read.flat() : null;
}

function formatOf({ format, subject_type: type, user }: Record<string, unknown>): string | null {
  const given = format ?? type;
  if (typeof given === 'string') return given.replaceAll('-', '_');
  return given === undefined && isObject(user) ? 'complex' : null;
}

/**
 * The subject of a request for global token revocation: `sub_id`, or `subject` as earlier drafts have it, in one of two
 * formats. `identifier` null: an address that no one here can have. Null: malformed, or another format.
 */
export function readRevokedSubject(body: unknown): { identifier: PersonIdentifier | null } | null {
  const subject = isObject(body) ? (body.sub_id ?? body.subject) : null;
  if (!isObject(subject)) return null;
  const format = formatOf(subject);
  if (format !== 'iss_sub' && format !== 'email') return null;
  const identifiers = readIdentifiers(subject);
  return identifiers && { identifier: identifiers[0] ?? null };
}
