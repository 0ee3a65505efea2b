import { Trans } from '@lingui/react/macro';
import { Button, VisuallyHidden } from '@mantine/core';
import { useSession } from '@curfew/client/react';
import { DeviceIcon } from '../../components/device-icon.tsx';
import { Ago, At } from '../../components/moment.tsx';
import rowClasses from '../../components/row.module.css';
import { Tag } from '../../components/tag.tsx';
import { useSignOutWithToast } from '../../components/use-sign-out.ts';
import type { AccountSessionFragment } from '../../generated/account-operations.ts';
import { appTypeInWords } from '../../lib/app-type.ts';
import { asAdjective } from '../../lib/duration.ts';
import { deviceInWords } from '../../lib/device.ts';
import { ExplainButton } from '../explanation/explain-button.tsx';
import type { ArrangedSession } from './arrange-rows.ts';
import { SignInMethod } from './sign-in-method.tsx';
import classes from './own-session-row.module.css';

export function OwnSessionRow({ session, state, onSignOut }: ArrangedSession & { onSignOut(): void }) {
  const signOut = useSignOutWithToast();
  const { device, ipAddress, appType, isCurrent } = session;
  const name = deviceInWords(device);
  const isEnded = state === 'ended';
  return (
    <li className={rowClasses.row} data-inactive={isEnded || undefined}>
      <span className={rowClasses.icon} aria-hidden>
        <DeviceIcon appType={appType} device={device} />
      </span>
      <div className={rowClasses.text}>
        <div className={rowClasses.title}>
          <strong>{name}</strong>
          {isCurrent && (
            <Tag tone="accent">
              <Trans>This session</Trans>
            </Tag>
          )}
          {session.isNewDevice && (
            <Tag tone={isEnded ? 'soft' : 'amber'}>
              <Trans>New device</Trans>
            </Tag>
          )}
          {state === 'new' && (
            <Tag tone="accent">
              <Trans>New</Trans>
            </Tag>
          )}
          {isEnded && (
            <Tag>
              <Trans>Ended</Trans>
            </Tag>
          )}
        </div>
        <ul className={rowClasses.facts}>
          <li>{appTypeInWords(appType)}</li>
          <li>{ipAddress ?? <Trans>Unknown address</Trans>}</li>
          <li>
            <Trans>
              Signed in <Ago at={session.authenticatedAt} />
            </Trans>
          </li>
          {session.authenticationMethod && (
            <li>
              <SignInMethod {...session} />
            </li>
          )}
          {!isEnded && <LastActive session={session} />}
        </ul>
        {!isEnded && <ExpiryTime session={session} />}
        <ExplainButton sessionId={session.id} isEnded={isEnded} what={name} />
      </div>
      {!isEnded && (
        <Button
          variant="default"
          size="xs"
          className={rowClasses.button}
          onClick={isCurrent ? signOut : onSignOut}
        >
          <span aria-hidden>
            <Trans>Sign out</Trans>
          </span>
          <VisuallyHidden>
            {isCurrent ? <Trans>Sign out here</Trans> : <Trans>Sign out {name}</Trans>}
          </VisuallyHidden>
        </Button>
      )}
    </li>
  );
}

function LastActive({ session }: { session: AccountSessionFragment }) {
  // The user is active right now; the time on the server is up to a minute old.
  if (session.isCurrent)
    return (
      <li>
        <Trans>Active now</Trans>
      </li>
    );
  return (
    <li>
      <Trans>
        Last active <Ago at={session.lastActivityAt} />
      </Trans>
    </li>
  );
}

/** When the session ends, and at which limit. For this session, the watcher has newer data than the server's list. */
function ExpiryTime({ session }: { session: AccountSessionFragment }) {
  const { session: watched } = useSession();
  const here = watched?.id === session.id ? watched : null;
  const idle = here?.idleExpiresAt ?? Date.parse(session.idleExpiresAt);
  const absolute = here?.absoluteExpiresAt ?? Date.parse(session.absoluteExpiresAt);
  const end = <At at={rfc3339(Math.min(idle, absolute))} isInSentence />;
  const limit = asAdjective(idle < absolute ? session.idleMinutes : session.absoluteMinutes);
  if (idle < absolute) {
    return (
      <div className={classes.end}>
        <Trans>
          Ends {end} if not used ({limit} idle limit)
        </Trans>
      </div>
    );
  }
  return (
    <div className={classes.end}>
      <Trans>
        Ends {end} ({limit} absolute limit)
      </Trans>
    </div>
  );
}

const rfc3339 = (milliseconds: number): string => new Date(milliseconds).toISOString();
