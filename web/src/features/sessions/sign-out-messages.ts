import { people, sessions } from '../../lib/count.ts';
import { deviceInWords } from '../../lib/device.ts';
import type { ListedSession } from './sessions-of-person.ts';
import type { Person, Totals } from './people.ts';

/** The sessions to revoke: one, all of a person, all others, or all. */
export type SignOutTarget =
  | { kind: 'session'; session: ListedSession; person: Person }
  | { kind: 'person'; person: Person }
  | { kind: 'others'; totals: Totals }
  | { kind: 'everyone'; totals: Totals };

/** The texts of a confirmation dialog. */
export interface Confirmation {
  title: string;
  body: string;
  confirm: string;
}

/** Names the sessions that end and the people who have to sign in again. */
export function confirmationFor(target: SignOutTarget): Confirmation {
  switch (target.kind) {
    case 'session':
      return confirmSession(target);
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
  if (revokedCount === 0) return 'There were no sessions left to sign out.';
  switch (target.kind) {
    case 'session':
      return `Signed ${target.person.isViewer ? 'you' : target.person.name} out of ${deviceInWords(target.session.device)}.`;
    case 'person':
      return target.person.isViewer
        ? `Signed out ${sessions(revokedCount)}.`
        : `Signed out ${target.person.name}: ${sessions(revokedCount)}.`;
    case 'others':
      return `Signed out ${sessions(revokedCount)}. Yours ${target.totals.ownSessions === 1 ? 'stays' : 'stay'}.`;
    case 'everyone':
      return `Signed out ${sessions(revokedCount)}.`;
  }
}

const TO_SIGN_IN = 'You’ll go to the sign-in page.';

function confirmSession({ session, person }: { session: ListedSession; person: Person }): Confirmation {
  const device = deviceInWords(session.device);
  if (session.isCurrent) {
    return {
      title: 'Sign out here?',
      body: `This is the session you’re using right now. ${TO_SIGN_IN}`,
      confirm: 'Sign out',
    };
  }
  const whose = person.isViewer ? 'your' : `${person.name}’s`;
  return {
    title: `Sign out ${device}?`,
    body: `This ends ${whose} session on ${device}. Unsaved work there is lost.`,
    confirm: 'Sign out',
  };
}

function confirmPerson({ name, isViewer, sessionCount }: Person): Confirmation {
  if (isViewer) {
    return {
      title: 'Sign out everywhere?',
      body: `This ends ${allYours(sessionCount)}. ${TO_SIGN_IN}`,
      confirm: 'Sign out everywhere',
    };
  }
  return {
    title: `Sign out ${name} everywhere?`,
    body: `This ends ${name}’s ${sessions(sessionCount)}. No password is changed, so ${name} can sign in again.`,
    confirm: `Sign out ${name}`,
  };
}

function confirmOthers({ people: total, sessions: all, ownSessions }: Totals): Confirmation {
  const others = people(total - 1);
  const yours = ownSessions === 1 ? 'Your own session stays.' : `Your own ${sessions(ownSessions)} stay.`;
  return {
    title: 'Sign out everyone except you?',
    body: `This ends ${sessions(all - ownSessions)} of ${others}, who will have to sign in again. ${yours}`,
    confirm: `Sign out ${others}`,
  };
}

function confirmEveryone({ people: total, sessions: all }: Totals): Confirmation {
  const title = 'Sign out everyone, including you?';
  if (total === 1) {
    return {
      title,
      body: `Only you are signed in. This ends ${allYours(all)}. ${TO_SIGN_IN}`,
      confirm: `Sign out ${sessions(all)}`,
    };
  }
  return {
    title,
    body: `This ends ${sessions(all)} of ${people(total)}, including this one. Everyone will have to sign in again. ${TO_SIGN_IN}`,
    confirm: `Sign out all ${people(total)}`,
  };
}

const allYours = (count: number): string =>
  count === 1 ? 'your session' : `your ${sessions(count)}, including this one`;
