import type { Tone } from '../../components/notice.tsx';
import type { ProviderRefusal } from './provider-refusal.ts';

export interface RefusalWords {
  title: string;
  text: string;
  tone: Tone;
}

/** What happened and what to do about it. `name`: the provider's, where this tab knows whom it went to. */
export function wordsFor(refusal: ProviderRefusal, name: string | null): RefusalWords {
  const there = name ?? 'the identity provider';
  const There = name ?? 'The identity provider';
  switch (refusal.kind) {
    case 'flow-invalid':
      return {
        title: 'This sign-in cannot be completed',
        text: 'It was begun in another browser or too long ago, or it has been completed already. Start again.',
        tone: 'amber',
      };
    case 'cancelled':
      return {
        title: `You cancelled at ${there}`,
        text: `You are not signed in. If it was not you who cancelled, ${there} does not let you use Curfew: ask whoever manages your account there.`,
        tone: 'neutral',
      };
    case 'provider-refused':
      return {
        title: `${There} did not sign you in`,
        text: refusal.isPassing
          ? `${There} has a problem at the moment. Try again in a while, or sign in with your password.`
          : `${There} ended the sign-in with an error. Try again, or sign in with your password; if it happens again, tell an owner of your account.`,
        tone: 'amber',
      };
    case 'answer-invalid':
      return {
        title: 'This sign-in could not be verified',
        text: `What ${there} sent did not pass Curfew’s checks, so you are not signed in. Try again; if it happens again, tell an owner of your account.`,
        tone: 'red',
      };
    case 'not-invited':
      return {
        title: 'You are not invited',
        text: `You signed in at ${there} as a person whom nobody has invited here, or who may not sign in. Ask an owner of the account you want to use to invite the e-mail address that you have at ${there}, or use another account.`,
        tone: 'amber',
      };
    case 'once-more':
      return {
        title: `Sign in at ${there} once more`,
        text: `You signed in at ${there} longer ago than your account here allows. You are taken back there to sign in anew.`,
        tone: 'cyan',
      };
    case 'too-long-ago':
      return {
        title: `${There} did not ask you to sign in`,
        text: `You signed in there longer ago than your account here allows, and were not asked to sign in anew. Sign out at ${there} and try again, or sign in with your password.`,
        tone: 'amber',
      };
    case 'unavailable':
      return {
        title: 'You cannot be signed in right now',
        text: `${There} cannot be reached, or Curfew cannot serve at the moment. Try again, or sign in with your password.`,
        tone: 'red',
      };
    case 'no-answer':
      return {
        title: 'Curfew could not be reached',
        text: 'You are not signed in. Check your connection and try again.',
        tone: 'red',
      };
    case 'failed':
      return { title: refusal.title, text: refusal.sentence, tone: 'red' };
  }
}
