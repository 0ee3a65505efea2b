import { Trans } from '@lingui/react/macro';
import { Text } from '@mantine/core';
import { inWords } from '../../lib/duration.ts';
import type { LastSignIn } from '../../lib/last-sign-in.ts';

/** How long the user will stay signed in. `known`: the limits of the last sign-in with this e-mail address. */
export function SessionLengthHint({ known }: { known: LastSignIn | null }) {
  return (
    <Text size="sm" c="dimmed">
      {known ? (
        <span>
          <Limits {...known} /> <Warning {...known} />
        </span>
      ) : (
        <Trans>
          The owners of your account decide how long you stay signed in. We’ll warn you before it ends.
        </Trans>
      )}
    </Text>
  );
}

function Limits({ idleMinutes, absoluteMinutes }: LastSignIn) {
  const idle = inWords(idleMinutes);
  const absolute = inWords(absoluteMinutes);
  // With equal limits, the idle limit never comes first.
  return idleMinutes < absoluteMinutes ? (
    <Trans>
      You’ll be signed out after {idle} without activity, and at most {absolute} after signing in.
    </Trans>
  ) : (
    <Trans>You’ll be signed out {absolute} after signing in.</Trans>
  );
}

/** Names the warning lead when both warnings have the same one, as by default. */
function Warning({ idleWarningSeconds, absoluteWarningSeconds }: LastSignIn) {
  if (idleWarningSeconds !== absoluteWarningSeconds || idleWarningSeconds % 60 !== 0)
    return <Trans>We’ll warn you first.</Trans>;
  const lead = inWords(idleWarningSeconds / 60);
  return <Trans>We’ll warn you {lead} before.</Trans>;
}
