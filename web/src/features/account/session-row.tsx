import { Button, VisuallyHidden } from '@mantine/core';
import { useSession } from '@curfew/client/react';
import { DeviceIcon } from '../../components/device-icon.tsx';
import { Ago, At } from '../../components/moment.tsx';
import type { AccountSessionFragment } from '../../generated/operations.ts';
import { appTypeInWords } from '../../lib/app-type.ts';
import { inWords } from '../../lib/duration.ts';
import type { Row } from './arrange.ts';
import { deviceInWords } from '../../lib/device.ts';
import { useSignOut } from '../../components/use-sign-out.ts';
import classes from './session-row.module.css';

export function SessionRow({ session, state, onSignOut }: Row & { onSignOut(): void }) {
  const signOut = useSignOut();
  const { device, ipAddress, appType, isCurrent } = session;
  const name = deviceInWords(device);
  const isGone = state === 'gone';
  return (
    <li className={classes.row} data-gone={isGone || undefined}>
      <span className={classes.icon} aria-hidden>
        <DeviceIcon appType={appType} device={device} />
      </span>
      <div className={classes.text}>
        <div className={classes.title}>
          <strong>{name}</strong>
          {isCurrent && <span className={classes.tag}>This session</span>}
          {state === 'new' && <span className={classes.tag}>New</span>}
          {isGone && <span className={classes.tag}>Ended</span>}
        </div>
        <ul className={classes.facts}>
          <li>{appTypeInWords(appType)}</li>
          <li>{ipAddress ?? 'Unknown address'}</li>
          <li>
            Signed in <Ago at={session.authenticatedAt} />
          </li>
          {!isGone && <LastActive session={session} />}
        </ul>
        {!isGone && <End session={session} />}
      </div>
      {!isGone && (
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
  // Being here is being active; what the server has heard of it is up to a minute old.
  if (session.isCurrent) return <li>Active now</li>;
  return (
    <li>
      Last active <Ago at={session.lastActivityAt} />
    </li>
  );
}

/** Which limit ends it, and when. Of this session the page itself knows best. */
function End({ session }: { session: AccountSessionFragment }) {
  const { session: watched } = useSession();
  const here = watched?.id === session.id ? watched : null;
  const idle = here?.idleExpiresAt ?? Date.parse(session.idleExpiresAt);
  const absolute = here?.absoluteExpiresAt ?? Date.parse(session.absoluteExpiresAt);
  if (idle < absolute) {
    return (
      <div className={classes.end}>
        Ends <At at={rfc3339(idle)} /> unless used (idle limit, {inWords(session.idleMinutes)})
      </div>
    );
  }
  return (
    <div className={classes.end}>
      Ends <At at={rfc3339(absolute)} /> whatever happens (absolute limit, {inWords(session.absoluteMinutes)})
    </div>
  );
}

const rfc3339 = (milliseconds: number): string => new Date(milliseconds).toISOString();
