import { plural, t } from '@lingui/core/macro';
import { people, sessions } from '../../lib/count.ts';
import { deviceInWords } from '../../lib/device.ts';
import type { ListedSession } from './sessions-of-person.ts';
import type { Person, Totals } from './people.ts';

/** Whose session it is. */
export type SessionOwner = Pick<Person, 'userId' | 'name' | 'isViewer'>;

export interface SelectedSession {
  session: ListedSession;
  person: SessionOwner;
}

/** The sessions to revoke: one, several, all of a person, all others, or all. */
export type SignOutTarget =
  | ({ kind: 'session' } & SelectedSession)
  | { kind: 'selected'; selected: readonly SelectedSession[] }
  | { kind: 'person'; person: Person }
  | { kind: 'others'; totals: Totals }
  | { kind: 'everyone'; totals: Totals };

/** The texts of a confirmation dialog. */
export interface Confirmation {
  title: string;
  body: string;
  confirm: string;
}

/** Whether the target includes the session that is looking at it. */
export function includesOwnSession(target: SignOutTarget): boolean {
  switch (target.kind) {
    case 'session':
      return target.session.isCurrent;
    case 'selected':
      return target.selected.some(({ session }) => session.isCurrent);
    case 'person':
      return target.person.isViewer;
    case 'others':
      return false;
    case 'everyone':
      return true;
  }
}

/** Names the sessions that end and the people who have to sign in again. */
export function confirmationFor(target: SignOutTarget): Confirmation {
  switch (target.kind) {
    case 'session':
      return confirmSession(target);
    case 'selected':
      return confirmSelected(target.selected);
    case 'person':
      return confirmPerson(target.person);
    case 'others':
      return confirmOthers(target.totals);
    case 'everyone':
      return confirmEveryone(target.totals);
  }
}

/** The message after a sign-out. */
export function resultMessage(target: SignOutTarget, revokedCount: number): string {
  if (revokedCount === 0) return t`There were no sessions left to sign out.`;
  const count = sessions(revokedCount);
  switch (target.kind) {
    case 'session': {
      const device = deviceInWords(target.session.device);
      const { name, isViewer } = target.person;
      return isViewer ? t`Signed you out of ${device}.` : t`Signed ${name} out of ${device}.`;
    }
    case 'person': {
      const { name, isViewer } = target.person;
      return isViewer ? t`Signed out ${count}.` : t`Signed out ${name}: ${count}.`;
    }
    case 'others':
      return target.totals.ownSessions === 1
        ? t`Signed out ${count}. Yours stays.`
        : t`Signed out ${count}. Yours stay.`;
    case 'selected':
    case 'everyone':
      return t`Signed out ${count}.`;
  }
}

function confirmSession({ session, person: { name, isViewer } }: SelectedSession): Confirmation {
  const device = deviceInWords(session.device);
  if (session.isCurrent) {
    return {
      title: t`Sign out here?`,
      body: t`This is the session you’re using right now. You’ll go to the sign-in page.`,
      confirm: t`Sign out`,
    };
  }
  return {
    title: t`Sign out ${device}?`,
    body: isViewer
      ? t`This ends your session on ${device}. Unsaved work there is lost.`
      : t`This ends ${name}’s session on ${device}. Unsaved work there is lost.`,
    confirm: t({ message: 'Sign out', context: 'someone else' }),
  };
}

function confirmSelected(selected: readonly SelectedSession[]): Confirmation {
  const count = sessions(selected.length);
  const owners = people(new Set(selected.map(({ person }) => person.userId)).size);
  const others = sessions(selected.length - 1);
  return {
    title: t`Sign out ${count}?`,
    body: !includesOwnSession({ kind: 'selected', selected })
      ? t`This ends ${count} of ${owners}. Unsaved work there is lost. No password is changed.`
      : selected.length === 1
        ? t`This is the session you’re using right now. You’ll go to the sign-in page.`
        : t`This ends the session you’re using right now, and ${others} besides. Unsaved work there is lost. You’ll go to the sign-in page.`,
    confirm: t`Sign out ${count}`,
  };
}

function confirmPerson({ name, isViewer, sessionCount }: Person): Confirmation {
  const count = sessions(sessionCount);
  if (isViewer) {
    return {
      title: t`Sign out everywhere?`,
      body:
        sessionCount === 1
          ? t`This ends your session. You’ll go to the sign-in page.`
          : t`This ends your ${count}, including this one. You’ll go to the sign-in page.`,
      confirm: t`Sign out everywhere`,
    };
  }
  return {
    title: t`Sign out ${name} everywhere?`,
    body: t`This ends ${name}’s ${count}. No password is changed, so ${name} can sign in again.`,
    confirm: t`Sign out ${name}`,
  };
}

function confirmOthers({ people: total, sessions: all, ownSessions }: Totals): Confirmation {
  const others = people(total - 1);
  const theirs = sessions(all - ownSessions);
  return {
    title: t`Sign out everyone except you?`,
    body: plural(ownSessions, {
      one: `This ends ${theirs} of ${others}, who will have to sign in again. Your own session stays.`,
      other: `This ends ${theirs} of ${others}, who will have to sign in again. Your own # sessions stay.`,
    }),
    confirm: t`Sign out ${others}`,
  };
}

function confirmEveryone({ people: total, sessions: all }: Totals): Confirmation {
  const title = t`Sign out everyone, including you?`;
  const [everyone, count] = [people(total), sessions(all)];
  if (total === 1) {
    return {
      title,
      body:
        all === 1
          ? t`Only you are signed in. This ends your session. You’ll go to the sign-in page.`
          : t`Only you are signed in. This ends your ${count}, including this one. You’ll go to the sign-in page.`,
      confirm: t`Sign out ${count}`,
    };
  }
  return {
    title,
    body: t`This ends ${count} of ${everyone}, including this one. Everyone will have to sign in again. You’ll go to the sign-in page.`,
    confirm: t`Sign out all ${everyone}`,
  };
}
