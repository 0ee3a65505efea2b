import { Trans, useLingui } from '@lingui/react/macro';
import { ChevronRight } from 'lucide-react';
import { useId } from 'react';
import { Ago } from '../../components/moment.tsx';
import { sessions } from '../../lib/count.ts';
import classes from './person-row.module.css';
import { PersonSessions } from './person-sessions.tsx';
import type { Person } from './people.ts';
import { RoleBadge } from './role-badge.tsx';
import { ROW_STOP } from './row-steps.ts';
import { SignOutButton } from './sign-out-button.tsx';
import type { SignOutTarget } from './sign-out-messages.ts';
import type { Selection } from './use-selection.ts';

interface PersonRowProps {
  person: Person;
  /** All sessions of the person have ended. */
  isGone: boolean;
  isOpen: boolean;
  selection: Selection;
  onToggle(): void;
  onSignOut(target: SignOutTarget): void;
}

/** A person who is signed in. Opens to the list of their sessions. */
export function PersonRow({ person, isGone, isOpen, selection, onToggle, onSignOut }: PersonRowProps) {
  const { t } = useLingui();
  const id = useId();
  const { name, email, lastLoginAt, sessionCount, isViewer, role } = person;
  const signedIn = lastLoginAt && <Ago at={lastLoginAt} />;
  const everywhere = isViewer ? t`yourself everywhere` : t`${name} everywhere`;
  return (
    <li className={classes.row} data-is-gone={isGone}>
      <div className={classes.head}>
        <button
          {...ROW_STOP}
          type="button"
          className={classes.opener}
          aria-expanded={isOpen}
          aria-controls={isOpen ? id : undefined}
          onClick={onToggle}
        >
          <ChevronRight size={18} aria-hidden className={classes.chevron} />
          <span className={classes.who}>
            <span className={classes.name}>
              <span>{name}</span>
              {isViewer && (
                <span className={classes.you}>
                  {' '}
                  <Trans>(you)</Trans>
                </span>
              )}
              <RoleBadge role={role} />
            </span>
            <span className={classes.email}>{email}</span>
          </span>
          <span className={classes.when}>
            {signedIn ? <Trans>Signed in {signedIn}</Trans> : <Trans>No sign-in recorded</Trans>}
          </span>
          <span className={classes.count}>
            {isGone ? <Trans>No sessions left</Trans> : sessions(sessionCount)}
          </span>
        </button>
        <div className={classes.out}>
          <SignOutButton
            what={isGone ? name : everywhere}
            isEnded={isGone}
            onSignOut={() => onSignOut({ kind: 'person', person })}
          />
        </div>
      </div>
      {isOpen && (
        <div id={id} className={classes.sessions}>
          <PersonSessions person={person} selection={selection} onSignOut={onSignOut} />
        </div>
      )}
    </li>
  );
}
