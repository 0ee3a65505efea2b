import { Badge } from '@mantine/core';
import { DeviceIcon } from '../../components/device-icon.tsx';
import { Ago, At } from '../../components/moment.tsx';
import type { ExpiryReason } from '../../generated/operations.ts';
import { appTypeInWords } from '../../lib/app-type.ts';
import { deviceInWords } from '../../lib/device.ts';
import { endReasonInWords } from '../../lib/end-reason.ts';
import classes from './session-row.module.css';
import { SignOutButton } from './sign-out-button.tsx';
import type { LiveSession } from './sessions-of-person.ts';

const LIMIT: Record<ExpiryReason, string> = { IDLE: 'by inactivity', ABSOLUTE: 'by the time limit' };

interface SessionRowProps {
  session: LiveSession;
  isOver: boolean;
  onSignOut(): void;
}

/** One session: from which device, since when, and until when. */
export function SessionRow({ session, isOver, onSignOut }: SessionRowProps) {
  const { authenticatedAt, lastActivityAt, expiresAt, expiryReason, endedAt, endReason, ipAddress } = session;
  const device = deviceInWords(session.device);
  return (
    <li className={classes.session} data-is-over={isOver}>
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
            <dt>{isOver ? 'Ended' : 'Ends'}</dt>
            <dd>
              {isOver ? (
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
                  <At at={expiresAt} /> {LIMIT[expiryReason]}
                </>
              )}
            </dd>
          </div>
        </dl>
      </div>
      <div className={classes.out}>
        <SignOutButton what={device} isOver={isOver} onSignOut={onSignOut} />
      </div>
    </li>
  );
}
