import { Plural, Trans } from '@lingui/react/macro';
import { Ago, At } from '../../components/moment.tsx';
import type { PersonAction } from './person-actions.ts';
import { PersonMenu } from './person-menu.tsx';
import type { Person, PersonRow as Row } from './person-rows.ts';
import classes from './person-row.module.css';
import { roleName, statusName } from './person-words.ts';

interface PersonRowProps {
  row: Row;
  isViewer: boolean;
  onAction(action: PersonAction, person: Person): void;
}

export function PersonRow({ row, isViewer, onAction }: PersonRowProps) {
  const { person, isGone, isDeleted } = row;
  const { name, email, role, status, sessionCount } = person;
  return (
    <li className={classes.row} data-is-gone={isGone}>
      <span className={classes.who}>
        <span className={classes.name}>
          <span>{name}</span>
          {isViewer && (
            <span className={classes.you}>
              {' '}
              <Trans>(you)</Trans>
            </span>
          )}
        </span>
        <span className={classes.email}>{email}</span>
      </span>
      <span className={classes.badges}>
        <span className={classes.badge} data-tone={role === 'OWNER' ? 'accent' : 'plain'}>
          {roleName(role)}
        </span>
        <span className={classes.badge} data-tone={isDeleted ? 'DEACTIVATED' : status}>
          {isDeleted ? <Trans>Deleted</Trans> : statusName(status)}
        </span>
      </span>
      <span className={classes.when}>
        <LastSignIn person={person} />
      </span>
      <span className={classes.count}>
        {isDeleted || sessionCount === 0 ? (
          <Trans>No sessions</Trans>
        ) : (
          <Plural value={sessionCount} one="# session" other="# sessions" />
        )}
      </span>
      <span className={classes.menu}>
        <PersonMenu person={person} isDisabled={isDeleted} onAction={(action) => onAction(action, person)} />
      </span>
    </li>
  );
}

/** Of an invited person, how long their link works. */
function LastSignIn({ person: { lastLoginAt, status, linkExpiresAt } }: { person: Person }) {
  if (status === 'INVITED') {
    return linkExpiresAt === null ? (
      <Trans>Link no longer works</Trans>
    ) : (
      <Trans>
        Link works until <At at={linkExpiresAt} />
      </Trans>
    );
  }
  if (lastLoginAt === null) return <Trans>Never signed in</Trans>;
  return (
    <Trans>
      Signed in <Ago at={lastLoginAt} />
    </Trans>
  );
}
