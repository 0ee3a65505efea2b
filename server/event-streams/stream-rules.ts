import { isStorable } from '../database/ids.ts';
import { badInput } from '../errors.ts';

/** Streams of an account. */
export const MAX_STREAMS = 20;
/** Tests and verifications of a stream that wait. Each is a request that Curfew makes for its caller. */
export const MAX_PENDING_TESTS = 10;
const MAX_DESCRIPTION_LENGTH = 200;
const MAX_AUDIENCE_LENGTH = 500;

/** Trimmed; blank is null. @throws BAD_USER_INPUT with `field` description */
export function requireDescription(text: string | null | undefined): string | null {
  const trimmed = text?.trim() ?? '';
  if (trimmed.length > MAX_DESCRIPTION_LENGTH || /\p{Cc}/u.test(trimmed) || !isStorable(trimmed))
    throw badInput(
      'description',
      `A description has at most ${MAX_DESCRIPTION_LENGTH} characters and no control characters.`,
      { reason: 'OUT_OF_BOUNDS', max: MAX_DESCRIPTION_LENGTH },
    );
  return trimmed === '' ? null : trimmed;
}

/**
 * By default the origin of the address, or, where the receiver comes for its events, a name of the stream (RFC 9562, section
 * 4): no two streams have the same one.
 * @throws BAD_USER_INPUT with `field` audience
 */
export function requireAudience(
  text: string | null | undefined,
  { id, url }: { id: string; url: string | null },
): string {
  if (text == null) return url === null ? `urn:uuid:${id}` : new URL(url).origin;
  if (text.length <= MAX_AUDIENCE_LENGTH && /^[\x21-\x7e]+$/.test(text)) return text;
  throw badInput(
    'audience',
    `An audience has 1 to ${MAX_AUDIENCE_LENGTH} visible ASCII characters, without spaces.`,
    { reason: 'OUT_OF_BOUNDS', min: 1, max: MAX_AUDIENCE_LENGTH },
  );
}
