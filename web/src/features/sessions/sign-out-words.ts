import { deviceInWords } from '../../lib/device.ts';
import { people, sessions } from './counting.ts';
import type { LiveSession } from './sessions-of-person.ts';
import type { Person, Totals } from './people.ts';

/** Whom to sign out of what. */
export type SignOut =
  | { kind: 'session'; session: LiveSession; person: Person }
  | { kind: 'person'; person: Person }
  | { kind: 'others'; totals: Totals }
  | { kind: 'everyone'; totals: Totals };

export interface Question {
  title: string;
  body: string;
  confirm: string;
}

/** What the dialog asks; it names what ends and who has to sign in again. */
export function questionFor(signOut: SignOut): Question {
  switch (signOut.kind) {
    case 'session':
      return ofSession(signOut);
    case 'person':
      return ofPerson(signOut.person);
    case 'others':
      return ofOthers(signOut.totals);
    case 'everyone':
      return ofEveryone(signOut.totals);
  }
}

/** What has been done. */
export function outcomeOf(signOut: SignOut, revokedCount: number): string {
  if (revokedCount === 0) return 'There was nothing left to sign out.';
  switch (signOut.kind) {
    case 'session':
      return `Signed ${signOut.person.isViewer ? 'you' : signOut.person.name} out of ${deviceInWords(signOut.session.device)}.`;
    case 'person':
      return signOut.person.isViewer
        ? `Signed out ${sessions(revokedCount)}.`
        : `Signed out ${signOut.person.name}: ${sessions(revokedCount)}.`;
    case 'others':
      return `Signed out ${sessions(revokedCount)}. Yours ${signOut.totals.ownSessions === 1 ? 'stays' : 'stay'}.`;
    case 'everyone':
      return `Signed out ${sessions(revokedCount)}.`;
  }
}

function ofSession({ session, person }: { session: LiveSession; person: Person }): Question {
  const device = deviceInWords(session.device);
  if (session.isCurrent) {
    return {
      title: 'Sign out here?',
      body: 'This is the session you are using right now. You go to the sign-in page.',
      confirm: 'Sign out',
    };
  }
  const whose = person.isViewer ? 'your session' : `the session of ${person.name}`;
  return {
    title: `Sign out ${device}?`,
    body: `This ends ${whose} on ${device}. What was not saved there is lost, and using it again takes a new sign-in.`,
    confirm: 'Sign out',
  };
}

function ofPerson({ name, isViewer, sessionCount }: Person): Question {
  if (isViewer) {
    return {
      title: 'Sign out everywhere?',
      body: `This ends your ${sessions(sessionCount)}, this one included. You go to the sign-in page.`,
      confirm: 'Sign out everywhere',
    };
  }
  return {
    title: `Sign out ${name} everywhere?`,
    body: `This ends ${sessions(sessionCount)} of ${name}. No password is changed, so ${name} can sign in again.`,
    confirm: `Sign out ${name}`,
  };
}

function ofOthers({ people: everybody, sessions: all, ownSessions }: Totals): Question {
  const others = people(everybody - 1);
  return {
    title: 'Sign out everyone except you?',
    body: `This ends ${sessions(all - ownSessions)} of ${others}, who will have to sign in again. Your own ${sessions(ownSessions)} ${ownSessions === 1 ? 'stays' : 'stay'}.`,
    confirm: `Sign out ${others}`,
  };
}

function ofEveryone({ people: everybody, sessions: all }: Totals): Question {
  if (everybody === 1) {
    return {
      title: 'Sign out everyone, including you?',
      body: `Only you are signed in. This ends your ${sessions(all)}, this one included. You go to the sign-in page.`,
      confirm: `Sign out ${sessions(all)}`,
    };
  }
  return {
    title: 'Sign out everyone, including you?',
    body: `This ends ${sessions(all)} of ${people(everybody)}, this one included. Everybody has to sign in again, and you go to the sign-in page.`,
    confirm: `Sign out all ${people(everybody)}`,
  };
}
