import type { ServiceCaller } from '../rules/caller.ts';
import { readBearer } from '../bearer.ts';
import { AppError } from '../errors.ts';

const BASIC = /^Basic +([A-Za-z0-9+/]+={0,2}) *$/i;

interface Credentials {
  key: string;
  /** HTTP Basic also names the id of the key, which has to match. */
  keyId: string | null;
}

/**
 * Identifies a trusted back end by its `Authorization` header: a service key as bearer token, or its id and itself with
 * HTTP Basic. Null for anything else, and for a key that is unknown, revoked, expired or limited to a scope.
 */
export async function authenticateService(
  authorization: string | undefined,
  serviceKeys: { looksLikeOne(text: string): boolean; identify(key: string): Promise<ServiceCaller> },
): Promise<ServiceCaller | null> {
  const credentials = readAuthorization(authorization ?? '');
  if (!credentials || !serviceKeys.looksLikeOne(credentials.key)) return null;
  try {
    const service = await serviceKeys.identify(credentials.key);
    return credentials.keyId === null || credentials.keyId === service.keyId ? service : null;
  } catch (error) {
    if (error instanceof AppError && (error.code === 'UNAUTHENTICATED' || error.code === 'FORBIDDEN'))
      return null;
    throw error;
  }
}

function readAuthorization(authorization: string): Credentials | null {
  const bearer = readBearer(authorization);
  if (bearer !== null) return { key: bearer, keyId: null };
  const basic = BASIC.exec(authorization)?.[1];
  if (basic === undefined) return null;
  // Both parts are form-encoded (RFC 6749, section 2.3.1), so neither contains a colon.
  const parts = Buffer.from(basic, 'base64').toString().split(':');
  if (parts.length !== 2) return null;
  const [keyId, key] = parts.map(formDecoded);
  return keyId == null || key == null ? null : { keyId, key };
}

function formDecoded(text: string): string | null {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    // A percent sign without the hexadecimal digits of a UTF-8 octet.
    return null;
  }
}
