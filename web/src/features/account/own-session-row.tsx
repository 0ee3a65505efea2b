import { Button, VisuallyHidden } from '@mantine/core';
import { useSession } from '@curfew/client/react';
import { DeviceIcon } from '../../components/device-icon.tsx';
import { Ago, At } from '../../components/moment.tsx';
import { useSignOutWithToast } from '../../components/use-sign-out.ts';
import type { AccountSessionFragment } from '../../generated/operations.ts';
import { appTypeInWords } from '../../lib/app-type.ts';
import { asAdjective } from '../../lib/duration.ts';
import type { ArrangedSession } from './arrange-rows.ts';
import { deviceInWords } from '../../lib/device.ts';
import classes from './own-session-row.module.css';

export function OwnSessionRow({ session, state, onSignOut }: ArrangedSession & { onSignOut(): void }) {
  const signOut = useSignOutWithToast();
  const { device, ipAddress, appType, isCurrent } = session;
  const name = deviceInWords(device);
  const isEnded = state === 'ended';
  return (
    <li className={classes.row} data-ended={isEnded || undefined}>
      <span className={classes.icon} aria-hidden>
        <DeviceIcon appType={appType} device={device} />
      </span>
      <div className={classes.text}>
        <div className={classes.title}>
          <strong>{name}</strong>
          {isCurrent && <span className={classes.tag}>This session</span>}
          {state === 'new' && <span className={classes.tag}>New</span>}
          {isEnded && <span className={classes.tag}>Ended</span>}
        </div>
        <ul className={classes.facts}>
          <li>{appTypeInWords(appType)}</li>
          <li>{ipAddress ?? 'Unknown address'}</li>
          <li>
            Signed in <Ago at={session.authenticatedAt} />
          </li>
          {!isEnded && <LastActive session={session} />}
        </ul>
        {!isEnded && <ExpiryTime session={session} />}
      </div>
      {!isEnded && (
        <Button
          variant="default"
          size="xs"
          className={classes.button}
          onClick={isCurrent ? signOut : onSignOut}
        >
          Sign out
          <VisuallyHidden> {isCurrent ? 'here' : name}</VisuallyHidden>
        </Button>
      )}
    </li>
  );
}

function LastActive({ session }: { session: AccountSessionFragment }) {
  // The user is active right now; the time on the server is up to a minute old.
  if (session.isCurrent) return <li>Active now</li>;
  return (
    <li>
      Last active <Ago at={session.lastActivityAt} />
    </li>
  );
}

/** When the session ends, and at which limit. For this session, the watcher has newer data than the server's list. */
function ExpiryTime({ session }: { session: AccountSessionFragment }) {
  const { session: watched } = useSession();
  const here = watched?.id === session.id ? watched : null;
  const idle = here?.idleExpiresAt ?? Date.parse(session.idleExpiresAt);
  const absolute = here?.absoluteExpiresAt ?? Date.parse(session.absoluteExpiresAt);
  if (idle < absolute) {
    return (
      <div className={classes.end}>
        Ends <At at={rfc3339(idle)} isInSentence /> if not used ({asAdjective(session.idleMinutes)} idle
        limit)
      </div>
    );
  }
  return (
    <div className={classes.end}>
      Ends <At at={rfc3339(absolute)} isInSentence /> ({asAdjective(session.absoluteMinutes)} absolute limit)
    </div>
  );
}

const rfc3339 = (milliseconds: number): string => new Date(milliseconds).toISOString();
