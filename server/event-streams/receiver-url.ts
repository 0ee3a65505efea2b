import { isStorable } from '../database/ids.ts';
import { badInput } from '../errors.ts';
import type { EventStreamKind } from '../generated/schema.ts';
import { isPrivateHost } from './public-address.ts';

const MAX_URL_LENGTH = 2_000;

/**
 * The address of a new stream of that kind. Null: its receiver comes for its events.
 * @throws BAD_USER_INPUT as `requireReceiverUrl`, and with `reason` NOT_ALLOWED where the kind has no address
 */
export function requireUrlOfKind(
  kind: EventStreamKind,
  text: string | null | undefined,
  options: { allowPrivateAddresses: boolean },
): string | null {
  if (kind !== 'SSF_POLL') return requireReceiverUrl(text, options);
  if (text == null) return null;
  throw badInput('url', 'The receiver of an SSF_POLL stream comes for its events: it has no address.', {
    reason: 'NOT_ALLOWED',
  });
}

/**
 * Returns the address of a receiver as a browser writes it. What a name resolves to is checked at every connection.
 * @throws BAD_USER_INPUT with `field` url and `reason` REQUIRED, MALFORMED, NOT_HTTPS or PRIVATE_ADDRESS
 */
export function requireReceiverUrl(
  text: string | null | undefined,
  { allowPrivateAddresses }: { allowPrivateAddresses: boolean },
): string {
  if (text == null) throw badInput('url', 'A stream of that kind needs an address.', { reason: 'REQUIRED' });
  const url = text.length <= MAX_URL_LENGTH && isStorable(text) ? URL.parse(text.trim()) : null;
  const isHttp = url?.protocol === 'http:' || url?.protocol === 'https:';
  if (!url || !isHttp || url.username !== '' || url.password !== '' || url.hash !== '')
    throw badInput(
      'url',
      `An address is a URL of at most ${MAX_URL_LENGTH} characters, without a user, a password and a fragment.`,
      { reason: 'MALFORMED', max: MAX_URL_LENGTH },
    );
  if (allowPrivateAddresses) return url.href;
  if (url.protocol !== 'https:')
    throw badInput('url', 'An address begins with https://.', { reason: 'NOT_HTTPS' });
  if (isPrivateHost(url)) throw badInput('url', 'The address is not public.', { reason: 'PRIVATE_ADDRESS' });
  return url.href;
}
