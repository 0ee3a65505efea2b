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
  const { session, watcher } = useSession();
  const signOut = useSignOutWithToast();
  const now = watcher.toLocal(useNow().getTime());
  if (!session) return null;
  const latest = momentInSentence(watcher.toLocal(session.absoluteExpiresAt), now);
  return (
    <Panel
      title="This session"
      icon={<Hourglass size={20} />}
      actions={
        <Button variant="default" size="xs" onClick={signOut}>
          Sign out
        </Button>
      }
    >
      <Text>
        {/* With equal limits, the idle limit never comes first. */}
        {session.idleMinutes < session.absoluteMinutes
          ? `You’ll be signed out after ${inWords(session.idleMinutes)} without activity, or ${latest} at the latest.`
          : `You’ll be signed out ${latest}, ${inWords(session.absoluteMinutes)} after you signed in.`}
      </Text>
      <Text c="dimmed" size="sm" mt={4}>
        We’ll warn you first.
      </Text>
    </Panel>
  );
}
