import { Trans, useLingui } from '@lingui/react/macro';
import { Badge, Checkbox } from '@mantine/core';
import { DeviceIcon } from '../../components/device-icon.tsx';
import { Ago, At } from '../../components/moment.tsx';
import type { SessionsFoundSessionFragment } from '../../generated/sessions-operations.ts';
import { appTypeInWords } from '../../lib/app-type.ts';
import { deviceInWords } from '../../lib/device.ts';
import { endReasonInWords } from '../../lib/end-reason.ts';
import { ExplainButton } from '../explanation/explain-button.tsx';
import { RoleBadge } from './role-badge.tsx';
import { ROW_STOP } from './row-steps.ts';
import classes from './session-row.module.css';
import { SignOutButton } from './sign-out-button.tsx';
import type { ListedSession } from './sessions-of-person.ts';

interface SessionRowProps {
  session: ListedSession & Pick<Partial<SessionsFoundSessionFragment>, 'endedBy'>;
  /** Whose it is, in a list of several people. */
  user?: SessionsFoundSessionFragment['user'] & { isViewer: boolean };
  isEnded: boolean;
  /** Absent: a list of ended sessions. */
  actions?: {
    isSelected: boolean;
    /** Names the session among those of other people. */
    what: string;
    onSelect(isSelected: boolean): void;
    onSignOut(): void;
  };
}

/** One session, as an owner sees it. */
export function SessionRow({ session, user, isEnded, actions }: SessionRowProps) {
  const { t } = useLingui();
  const { authenticatedAt, lastActivityAt, ipAddress } = session;
  return (
    <li className={classes.session} data-is-ended={isEnded} data-has-actions={actions !== undefined}>
      {actions && (
        <Checkbox
          {...ROW_STOP}
          size="md"
          className={classes.choice}
          aria-label={t`Select ${actions.what}`}
          checked={actions.isSelected && !isEnded}
          disabled={isEnded}
          onChange={(event) => actions.onSelect(event.currentTarget.checked)}
        />
      )}
      <span className={classes.icon}>
        <DeviceIcon appType={session.appType} device={session.device} />
      </span>
      <div className={classes.what}>
        {user && (
          <p className={classes.who}>
            <strong>{user.name}</strong>
            {user.isViewer && (
              <span className={classes.soft}>
                {' '}
                <Trans>(you)</Trans>
              </span>
            )}
            <RoleBadge role={user.role} />
            <span className={classes.soft}>{` ${user.email}`}</span>
          </p>
        )}
        <p className={classes.device}>
          <span>{deviceInWords(session.device)}</span>
          {session.isCurrent && (
            <Badge variant="light" size="sm" tt="none">
              <Trans>This session</Trans>
            </Badge>
          )}
          {session.isNewDevice && (
            <span className={classes.mark}>
              <Trans>New device</Trans>
            </span>
          )}
        </p>
        <p className={classes.from}>
          {appTypeInWords(session.appType) + (ipAddress ? ` · ${ipAddress}` : '')}
        </p>
        <dl className={classes.moments}>
          <div>
            <dt>
              <Trans>Signed in</Trans>
            </dt>
            <dd>
              <Ago at={authenticatedAt} />
            </dd>
          </div>
          <div>
            <dt>
              <Trans>Last active</Trans>
            </dt>
            <dd>
              <Ago at={lastActivityAt} />
            </dd>
          </div>
          <div>
            <dt>{isEnded ? <Trans>Ended</Trans> : <Trans>Ends</Trans>}</dt>
            <dd>{isEnded ? <End session={session} /> : <Expiry session={session} />}</dd>
          </div>
        </dl>
        <ExplainButton
          sessionId={session.id}
          isEnded={isEnded}
          what={user ? `${user.name}, ${deviceInWords(session.device)}` : deviceInWords(session.device)}
        />
      </div>
      {actions && (
        <div className={classes.out}>
          <SignOutButton what={actions.what} isEnded={isEnded} onSignOut={actions.onSignOut} />
        </div>
      )}
    </li>
  );
}

function Expiry({ session: { expiresAt, expiryReason } }: { session: ListedSession }) {
  const at = <At at={expiresAt} />;
  return expiryReason === 'IDLE' ? <Trans>{at} (idle limit)</Trans> : <Trans>{at} (absolute limit)</Trans>;
}

function End({ session: { endedAt, endReason, endedBy } }: Pick<SessionRowProps, 'session'>) {
  const { t } = useLingui();
  const reason = endReason ? endReasonInWords(endReason) : t({ message: 'Signed out', context: 'a session' });
  const owner = endedBy?.name;
  const why = owner ? t`Signed out by ${owner}` : reason;
  return (
    <>
      <span>{why}</span>
      {endedAt && (
        <span>
          , <Ago at={endedAt} />
        </span>
      )}
    </>
  );
}
