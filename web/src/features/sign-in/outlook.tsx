import { Text } from '@mantine/core';
import { inWords } from '../../lib/duration.ts';
import type { LastSignIn } from '../../lib/last-sign-in.ts';

/** How long one stays signed in, said before signing in. `known`: the limits that this very e-mail had last time. */
export function Outlook({ known }: { known: LastSignIn | null }) {
  return (
    <Text size="sm" c="dimmed">
      {known
        ? `You will be signed out ${limits(known)}. You are told ${lead(known)}before.`
        : 'Your account’s owners decide how long you stay signed in. You are told before it ends.'}
    </Text>
  );
}

function limits({ idleMinutes, absoluteMinutes }: LastSignIn): string {
  const absolute = `${inWords(absoluteMinutes)} after signing in`;
  // The idle limit is never the longer one; where they are equal, it says nothing of its own.
  return idleMinutes < absoluteMinutes
    ? `after ${inWords(idleMinutes)} without activity, and ${absolute}`
    : absolute;
}

/** Where both warnings come equally early, as they do by default. */
function lead({ idleWarningSeconds, absoluteWarningSeconds }: LastSignIn): string {
  if (idleWarningSeconds !== absoluteWarningSeconds || idleWarningSeconds % 60 !== 0) return '';
  return `${inWords(idleWarningSeconds / 60)} `;
}
