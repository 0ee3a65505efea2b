import { isObject } from '../is-object.ts';

/** A compact JWS whose signature is not verified yet. Its content is the sender's word. */
export interface UnverifiedToken {
  text: string;
  algorithm: string;
  /** In lower case, without `application/` (RFC 7515, section 4.1.9). Null: none. */
  type: string | null;
  /** Null: the header names no key. */
  keyId: string | null;
  claims: Readonly<Record<string, unknown>>;
}

const PART = /^[A-Za-z0-9_-]+$/;
/** `none` has an empty signature, and is read so that it can be refused by its name. */
const SIGNATURE = /^[A-Za-z0-9_-]*$/;

/**
 * Reads header and claims, which costs little. Null: it is no compact JWS with a JSON object as its payload, or its header has
 * `crit`, whose extensions are not known here (RFC 7515, section 4.1.11).
 */
export function readUnverifiedToken(text: string): UnverifiedToken | null {
  const parts = text.split('.');
  const [header, payload, signature] = parts;
  if (parts.length !== 3 || !PART.test(header!) || !PART.test(payload!) || !SIGNATURE.test(signature!))
    return null;
  const head = readObject(header!);
  const claims = readObject(payload!);
  if (!head || !claims || 'crit' in head || typeof head.alg !== 'string') return null;
  const { typ, kid } = head;
  return {
    text,
    algorithm: head.alg,
    type: typeof typ === 'string' ? typ.toLowerCase().replace(/^application\//, '') : null,
    keyId: typeof kid === 'string' ? kid : null,
    claims,
  };
}

function readObject(part: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}
