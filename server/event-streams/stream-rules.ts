import { isStorable } from '../database/ids.ts';
import { badInput } from '../errors.ts';
import type { EventStreamKind } from '../generated/schema.ts';

/** Streams of an account. */
export const MAX_STREAMS = 20;
const MAX_DESCRIPTION_LENGTH = 200;
const MAX_AUDIENCE_LENGTH = 500;

/** @throws BAD_USER_INPUT with `field` kind and `reason` NOT_AVAILABLE */
export function requireAvailableKind(kind: EventStreamKind): 'WEBHOOK' {
  if (kind === 'WEBHOOK') return kind;
  throw badInput('kind', `Streams of kind ${kind} are not available in this version; use WEBHOOK.`, {
    reason: 'NOT_AVAILABLE',
  });
}

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

/** The origin of the address by default. @throws BAD_USER_INPUT with `field` audience */
export function requireAudience(text: string | null | undefined, url: string): string {
  if (text == null) return new URL(url).origin;
  if (text.length <= MAX_AUDIENCE_LENGTH && /^[\x21-\x7e]+$/.test(text)) return text;
  throw badInput(
    'audience',
    `An audience has 1 to ${MAX_AUDIENCE_LENGTH} visible ASCII characters, without spaces.`,
    { reason: 'OUT_OF_BOUNDS', min: 1, max: MAX_AUDIENCE_LENGTH },
  );
}
