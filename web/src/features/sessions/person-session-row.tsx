import { Badge } from '@mantine/core';
import { DeviceIcon } from '../../components/device-icon.tsx';
import { Ago, At } from '../../components/moment.tsx';
import type { ExpiryReason } from '../../generated/operations.ts';
import { appTypeInWords } from '../../lib/app-type.ts';
import { deviceInWords } from '../../lib/device.ts';
import { endReasonInWords } from '../../lib/end-reason.ts';
import classes from './person-session-row.module.css';
import { SignOutButton } from './sign-out-button.tsx';
import type { ListedSession } from './sessions-of-person.ts';

const LIMIT: Record<ExpiryReason, string> = { IDLE: 'idle limit', ABSOLUTE: 'absolute limit' };

interface PersonSessionRowProps {
  session: ListedSession;
  isEnded: boolean;
  onSignOut(): void;
}

/** One session of a person, as an owner sees it. */
export function PersonSessionRow({ session, isEnded, onSignOut }: PersonSessionRowProps) {
  const { authenticatedAt, lastActivityAt, expiresAt, expiryReason, endedAt, endReason, ipAddress } = session;
  const device = deviceInWords(session.device);
  return (
    <li className={classes.session} data-is-ended={isEnded}>
      <span className={classes.icon}>
        <DeviceIcon appType={session.appType} device={session.device} />
      </span>
      <div className={classes.what}>
        <p className={classes.device}>
          {device}
          {session.isCurrent && (
            <Badge variant="light" size="sm" tt="none">
              This session
            </Badge>
          )}
        </p>
        <p className={classes.from}>
          {appTypeInWords(session.appType)}
          {ipAddress && ` · ${ipAddress}`}
        </p>
        <dl className={classes.moments}>
          <div>
            <dt>Signed in</dt>
            <dd>
              <Ago at={authenticatedAt} />
            </dd>
          </div>
          <div>
            <dt>Last active</dt>
            <dd>
              <Ago at={lastActivityAt} />
            </dd>
          </div>
          <div>
            <dt>{isEnded ? 'Ended' : 'Ends'}</dt>
            <dd>
              {isEnded ? (
                <>
                  {endReason ? endReasonInWords(endReason) : 'Signed out'}
                  {endedAt && (
                    <>
                      , <Ago at={endedAt} />
                    </>
                  )}
                </>
              ) : (
                <>
                  <At at={expiresAt} /> ({LIMIT[expiryReason]})
                </>
              )}
            </dd>
          </div>
        </dl>
      </div>
      <div className={classes.out}>
        <SignOutButton what={device} isEnded={isEnded} onSignOut={onSignOut} />
      </div>
    </li>
  );
}
