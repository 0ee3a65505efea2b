import { Trans } from '@lingui/react/macro';
import { Button, Stack, Text, Title } from '@mantine/core';
import { CloudOff } from 'lucide-react';
import { type ReactNode, useEffect, useLayoutEffect, useRef } from 'react';
import { useSession } from '@curfew/client/react';
import { clockTime } from '../lib/moment.ts';
import classes from './unconfirmed-overlay.module.css';

/**
 * Hides the pages when the session was due to end and the server cannot be asked whether it has. The pages stay mounted
 * at the same place in the tree, so that their input is kept, but hidden and inert.
 */
export function UnconfirmedOverlay({ isShown, children }: { isShown: boolean; children: ReactNode }) {
  return (
    <>
      <div inert={isShown} hidden={isShown} className={isShown ? undefined : classes.pages}>
        {children}
      </div>
      {isShown && <Overlay />}
    </>
  );
}

function Overlay() {
  const { watcher, session } = useSession();
  const heading = useRef<HTMLHeadingElement>(null);
  const focusedBefore = useRef<Element | null>(null);
  const clock = session && clockTime(watcher.toLocal(session.idleExpiresAt));

  // Runs before the browser removes the focus from the hidden element.
  useLayoutEffect(() => {
    focusedBefore.current = document.activeElement;
    document.body.toggleAttribute('data-unconfirmed', true);
    heading.current?.focus();
    return () => void document.body.toggleAttribute('data-unconfirmed', false);
  }, []);
  // Runs when the pages are visible again.
  useEffect(
    () => () => {
      if (focusedBefore.current instanceof HTMLElement) focusedBefore.current.focus({ preventScroll: true });
    },
    [],
  );

  return (
    <main className={classes.overlay}>
      <Stack gap="md" maw="30rem">
        <CloudOff size={32} aria-hidden />
        <Title order={1} ref={heading} tabIndex={-1}>
          <Trans>You appear to be offline</Trans>
        </Title>
        {session && (
          <Text>
            <Trans>
              Your session was due to end at {clock} because you were inactive. We’ll check as soon as Curfew
              can be reached. Nothing you typed is lost.
            </Trans>
          </Text>
        )}
        <div>
          <Button onClick={() => void watcher.check()}>
            <Trans>Check now</Trans>
          </Button>
        </div>
      </Stack>
    </main>
  );
}
