import { Trans, useLingui } from '@lingui/react/macro';
import { Button, Text } from '@mantine/core';
import { Hourglass } from 'lucide-react';
import { useSession } from '@curfew/client/react';
import { useNow } from '../../components/now.tsx';
import { Panel } from '../../components/panel.tsx';
import { useSignOutWithToast } from '../../components/use-sign-out.ts';
import { inWords } from '../../lib/duration.ts';
import { momentInSentence } from '../../lib/moment.ts';

/** The two limits of this session. */
export function ThisSession() {
  const { t } = useLingui();
  const { session, watcher } = useSession();
  const signOut = useSignOutWithToast();
  const now = watcher.toLocal(useNow().getTime());
  if (!session) return null;
  const latest = momentInSentence(watcher.toLocal(session.absoluteExpiresAt), now);
  const idle = inWords(session.idleMinutes);
  const absolute = inWords(session.absoluteMinutes);
  return (
    <Panel
      title={t`This session`}
      icon={<Hourglass size={20} />}
      actions={
        <Button variant="default" size="xs" onClick={signOut}>
          <Trans>Sign out</Trans>
        </Button>
      }
    >
      <Text>
        {/* With equal limits, the idle limit never comes first. */}
        {session.idleMinutes < session.absoluteMinutes ? (
          <Trans>
            You’ll be signed out after {idle} without activity, or {latest} at the latest.
          </Trans>
        ) : (
          <Trans>
            You’ll be signed out {latest}, {absolute} after you signed in.
          </Trans>
        )}
      </Text>
      <Text c="dimmed" size="sm" mt={4}>
        <Trans>We’ll warn you first.</Trans>
      </Text>
    </Panel>
  );
}
