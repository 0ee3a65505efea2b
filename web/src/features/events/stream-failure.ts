import { t } from '@lingui/core/macro';
import { problemMessage, problemOf } from '../../lib/problem.ts';

/** A refused change: `field` is that of the form, null where the message is about all of it. */
export interface EventFailure<Field extends string = string> {
  text: string;
  field: Field | null;
}

/** Null: there is nothing to say. The session is over, or the user has just been told that nothing was done. */
export function toFailure<Field extends string>(
  error: unknown,
  fields: readonly Field[],
): EventFailure<Field> | null {
  const problem = problemOf(error);
  if (problem.kind === 'session-over' || problem.kind === 'not-confirmed') return null;
  if (problem.kind !== 'refused') return { text: problemMessage(problem), field: null };
  const { field, reason, max } = problem.extensions;
  return {
    text: refusalMessage(String(field), String(reason), Number(max)) ?? problemMessage(problem),
    field: reason === 'TOO_MANY' ? null : (fields.find((known) => known === field) ?? null),
  };
}

/** Said when the answer was lost: to create it once more would send each event twice. */
export const maybeCreated = (): string =>
  t`Couldn’t reach Curfew, so the stream may have been created unseen. Look at the list before you try again. A secret can be rotated there.`;

/** Why the server refused a field, in the language of the page. Null: its own words are the best there are. */
function refusalMessage(field: string, reason: string, max: number): string | null {
  switch (`${field} ${reason}`) {
    case 'url REQUIRED':
      return t`Enter the receiver’s address.`;
    case 'url MALFORMED':
      return t`Enter a whole address, such as https://hooks.example.com/curfew, without a user, a password or a part after #.`;
    case 'issuer MALFORMED':
      return t`Enter the issuer as its tokens name it, such as https://idp.example.com.`;
    case 'issuer TAKEN':
      return t`This issuer is already a source with this audience.`;
    case 'provider UNKNOWN':
      return t`This server no longer has that provider. Reload the page.`;
    case 'description OUT_OF_BOUNDS':
      return t`A description has at most 200 characters, in one line.`;
    case 'eventTypes REQUIRED':
      return t`Choose at least one event.`;
    case 'eventTypes UNKNOWN':
      return t`This server does not know one of these events. Reload the page.`;
    case 'audience REQUIRED':
      return t`Enter an audience: the receiver’s name for itself.`;
    case 'audience OUT_OF_BOUNDS':
    case 'audience MALFORMED':
      return t`An audience has 1 to 500 characters, without spaces.`;
  }
  switch (reason) {
    case 'NOT_HTTPS':
      return t`The address has to begin with https://.`;
    case 'PRIVATE_ADDRESS':
      return t`This address is not public. Curfew only uses addresses that are reachable from anywhere.`;
    case 'NOT_AVAILABLE':
      return t`This server does not offer this kind yet.`;
    case 'TOO_MANY':
      return t`An account has at most ${max} of these. Delete one first.`;
    case 'DISABLED':
      return t`The stream is disabled. Enable it first.`;
    default:
      return null;
  }
}
