import { Button, Text } from '@mantine/core';
import { Hourglass } from 'lucide-react';
import { useSession } from '@curfew/client/react';
import { useNow } from '../../components/now.tsx';
import { Panel } from '../../components/panel.tsx';
import { inWords } from '../../lib/duration.ts';
import { momentInWords } from '../../lib/moment.ts';
import { useSignOut } from '../../components/use-sign-out.ts';

/** The two limits of this very session, in a sentence. */
export function ThisSession() {
  const { session, watcher } = useSession();
  const signOut = useSignOut();
  const now = watcher.toLocal(useNow().getTime());
  if (!session) return null;
  const latest = momentInWords(watcher.toLocal(session.absoluteExpiresAt), now);
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
        {/* Where the limits are equal, inactivity never ends it first. */}
        {session.idleMinutes < session.absoluteMinutes
          ? `You are signed out after ${inWords(session.idleMinutes)} without activity; at the latest ${atOrOn(latest)}.`
          : `You are signed out ${inWords(session.absoluteMinutes)} after you signed in: ${atOrOn(latest)}.`}
      </Text>
      <Text c="dimmed" size="sm" mt={4}>
        You are told before it happens.
      </Text>
    </Panel>
  );
}

/** `at 14:32`, but `tomorrow, 14:32` and `on 23 Nov, 14:32`. */
function atOrOn(moment: string): string {
  if (!moment.includes(',')) return `at ${moment}`;
  return /^(tomorrow|yesterday)/.test(moment) ? moment : `on ${moment}`;
}
