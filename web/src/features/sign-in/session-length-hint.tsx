import { Text } from '@mantine/core';
import { inWords } from '../../lib/duration.ts';
import type { LastSignIn } from '../../lib/last-sign-in.ts';

/** How long the user will stay signed in. `known`: the limits of the last sign-in with this e-mail address. */
export function SessionLengthHint({ known }: { known: LastSignIn | null }) {
  return (
    <Text size="sm" c="dimmed">
      {known
        ? `You’ll be signed out ${limits(known)}. We’ll warn you ${lead(known)}.`
        : 'The owners of your account decide how long you stay signed in. We’ll warn you before it ends.'}
    </Text>
  );
}

function limits({ idleMinutes, absoluteMinutes }: LastSignIn): string {
  const absolute = `${inWords(absoluteMinutes)} after signing in`;
  // With equal limits, the idle limit never comes first.
  return idleMinutes < absoluteMinutes
    ? `after ${inWords(idleMinutes)} without activity, and at most ${absolute}`
    : absolute;
}

/** Names the warning lead when both warnings have the same one, as by default. */
function lead({ idleWarningSeconds, absoluteWarningSeconds }: LastSignIn): string {
  if (idleWarningSeconds !== absoluteWarningSeconds || idleWarningSeconds % 60 !== 0) return 'first';
  return `${inWords(idleWarningSeconds / 60)} before`;
}
