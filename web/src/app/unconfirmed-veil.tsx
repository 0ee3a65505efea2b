import { Button, Stack, Text, Title } from '@mantine/core';
import { CloudOff } from 'lucide-react';
import { type ReactNode, useEffect, useLayoutEffect, useRef } from 'react';
import { useSession } from '@curfew/client/react';
import { clockTime } from '../lib/moment.ts';
import classes from './unconfirmed-veil.module.css';

/**
 * Down when the session was due to end and nobody can be asked whether it has. The pages stay mounted with what was
 * typed into them - they are in the same place with the veil and without it - but out of sight and reach.
 */
export function UnconfirmedVeil({ isDown, children }: { isDown: boolean; children: ReactNode }) {
  return (
    <>
      <div inert={isDown} hidden={isDown} className={isDown ? undefined : classes.pages}>
        {children}
      </div>
      {isDown && <Veil />}
    </>
  );
}

function Veil() {
  const { watcher, session } = useSession();
  const heading = useRef<HTMLHeadingElement>(null);
  const focusedBefore = useRef<Element | null>(null);

  // Before the browser takes the focus from what is now hidden.
  useLayoutEffect(() => {
    focusedBefore.current = document.activeElement;
    document.body.toggleAttribute('data-veiled', true);
    heading.current?.focus();
    return () => void document.body.toggleAttribute('data-veiled', false);
  }, []);
  // When it can be seen again.
  useEffect(
    () => () => {
      if (focusedBefore.current instanceof HTMLElement) focusedBefore.current.focus({ preventScroll: true });
    },
    [],
  );

  return (
    <main className={classes.veil}>
      <Stack gap="md" maw="30rem">
        <CloudOff size={32} aria-hidden />
        <Title order={1} ref={heading} tabIndex={-1}>
          You appear to be offline
        </Title>
        {session && (
          <Text>
            Your session was due to end at {clockTime(watcher.toLocal(session.idleExpiresAt))} because you had
            been inactive. Curfew checks as soon as it can be reached. What you typed is kept.
          </Text>
        )}
        <div>
          <Button onClick={() => void watcher.check()}>Check now</Button>
        </div>
      </Stack>
    </main>
  );
}
