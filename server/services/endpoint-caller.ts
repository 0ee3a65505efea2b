import type { ServiceCaller } from '../accounts/caller.ts';
import { AppError } from '../errors.ts';

const BEARER = /^Bearer +(\S+) *$/i;
const BASIC = /^Basic +([A-Za-z0-9+/]+={0,2}) *$/i;

interface Presented {
  key: string;
  /** With HTTP Basic the id of the key is named, too, and has to be its own. */
  keyId: string | null;
}

/**
 * The trusted back end behind an `Authorization` header: a service key as bearer token, or with HTTP Basic its id and
 * itself. Null for anything else, a key included that is unknown, revoked or past its day.
 */
export async function identifyEndpointCaller(
  authorization: string | undefined,
  serviceKeys: { looksLikeOne(text: string): boolean; identify(key: string): Promise<ServiceCaller> },
): Promise<ServiceCaller | null> {
  const presented = readAuthorization(authorization ?? '');
  if (!presented || !serviceKeys.looksLikeOne(presented.key)) return null;
  try {
    const service = await serviceKeys.identify(presented.key);
    return presented.keyId === null || presented.keyId === service.keyId ? service : null;
  } catch (error) {
    if (error instanceof AppError && error.code === 'UNAUTHENTICATED') return null;
    throw error;
  }
}

function readAuthorization(authorization: string): Presented | null {
  const bearer = BEARER.exec(authorization)?.[1];
  if (bearer !== undefined) return { key: bearer, keyId: null };
  const basic = BASIC.exec(authorization)?.[1];
  if (basic === undefined) return null;
  // Neither part holds a colon of its own: both are form-encoded (RFC 6749, section 2.3.1).
  const parts = Buffer.from(basic, 'base64').toString().split(':');
  if (parts.length !== 2) return null;
  const [keyId, key] = parts.map(formDecoded);
  return keyId == null || key == null ? null : { keyId, key };
}

function formDecoded(text: string): string | null {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    // A percent sign that begins no octet of UTF-8.
    return null;
  }
}
