import { isPrivateHost } from '../event-streams/public-address.ts';
import { badInput } from '../errors.ts';
import type { LinkedProvider } from './reach.ts';

/** Sources of an account. */
export const MAX_SOURCES = 20;
export const MAX_ISSUER_LENGTH = 500;
const MAX_AUDIENCE_LENGTH = 500;

/** Visible ASCII: what a token has is compared character by character. */
const VISIBLE = /^[\x21-\x7e]+$/;

/**
 * Returns the issuer as it was written, since that is what its tokens have. What a name resolves to is checked at every
 * connection.
 * @throws BAD_USER_INPUT with `field` issuer and `reason` MALFORMED, NOT_HTTPS or PRIVATE_ADDRESS
 */
export function requireIssuer(
  text: string,
  { allowPrivateAddresses }: { allowPrivateAddresses: boolean },
): string {
  const url = text.length <= MAX_ISSUER_LENGTH && VISIBLE.test(text) ? URL.parse(text) : null;
  const isHttp = url?.protocol === 'https:' || url?.protocol === 'http:';
  if (!url || !isHttp || url.username !== '' || url.password !== '' || /[?#]/.test(text))
    throw badInput(
      'issuer',
      `An issuer is a URL of at most ${MAX_ISSUER_LENGTH} characters, without a user, a password, a query and a fragment.`,
      { reason: 'MALFORMED', max: MAX_ISSUER_LENGTH },
    );
  if (allowPrivateAddresses) return text;
  if (url.protocol !== 'https:')
    throw badInput('issuer', 'An issuer begins with https://.', { reason: 'NOT_HTTPS' });
  if (isPrivateHost(url))
    throw badInput('issuer', 'The address is not public.', { reason: 'PRIVATE_ADDRESS' });
  return text;
}

/** @throws BAD_USER_INPUT with `field` audience and `reason` OUT_OF_BOUNDS */
export function requireSourceAudience(text: string): string {
  if (text.length <= MAX_AUDIENCE_LENGTH && VISIBLE.test(text)) return text;
  throw badInput(
    'audience',
    `An audience has 1 to ${MAX_AUDIENCE_LENGTH} visible ASCII characters, without spaces.`,
    { reason: 'OUT_OF_BOUNDS', min: 1, max: MAX_AUDIENCE_LENGTH },
  );
}

/** @throws BAD_USER_INPUT with `field` provider and `reason` UNKNOWN */
export function requireProvider(
  id: string | null | undefined,
  providers: readonly LinkedProvider[],
): string | null {
  if (id == null) return null;
  if (providers.some((provider) => provider.id === id)) return id;
  throw badInput('provider', 'This server has no such sign-in provider.', { reason: 'UNKNOWN' });
}
