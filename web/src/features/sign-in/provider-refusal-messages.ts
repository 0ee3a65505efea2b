import type { Tone } from '../../components/notice.tsx';
import type { ProviderRefusal } from './provider-refusal.ts';

export interface RefusalMessage {
  title: string;
  text: string;
  tone: Tone;
}

/** Describes what happened and what to do next. `name` is the provider's name, or null where this tab does not know it. */
export function refusalMessage(refusal: ProviderRefusal, name: string | null): RefusalMessage {
  const provider = name ?? 'the identity provider';
  const Provider = name ?? 'The identity provider';
  switch (refusal.kind) {
    case 'flow-invalid':
      return {
        title: 'This sign-in can’t be completed',
        text: 'It was started in another browser or too long ago, or it has already been completed. Start again.',
        tone: 'amber',
      };
    case 'cancelled':
      return {
        title: `You cancelled at ${provider}`,
        text: `You’re not signed in. If you didn’t cancel, ${provider} doesn’t allow you to use Curfew: ask your administrator there.`,
        tone: 'neutral',
      };
    case 'provider-refused':
      return {
        title: `${Provider} did not sign you in`,
        text: refusal.isTemporary
          ? `${Provider} has a problem at the moment. Try again later, or sign in with your password.`
          : `${Provider} returned an error. Try again, or sign in with your password. If it happens again, tell an owner of your account.`,
        tone: 'amber',
      };
    case 'response-invalid':
      return {
        title: 'This sign-in could not be verified',
        text: `The response of ${provider} did not pass Curfew’s checks, so you’re not signed in. Try again. If it happens again, tell an owner of your account.`,
        tone: 'red',
      };
    case 'not-invited':
      return {
        title: 'You have not been invited',
        text: `You signed in at ${provider} with an account that has not been invited or is deactivated. Ask an owner to invite the e-mail address that you use at ${provider}, or use another account.`,
        tone: 'amber',
      };
    case 'sign-in-again':
      return {
        title: `Sign in again at ${provider}`,
        text: `Your last sign-in at ${provider} is too long ago for your account here. We’ll take you back there to sign in again.`,
        tone: 'cyan',
      };
    case 'sign-in-too-old':
      return {
        title: `${Provider} did not ask you to sign in`,
        text: `Your last sign-in there is too long ago for your account here, and you weren’t asked to sign in again. Sign out at ${provider} and try again, or sign in with your password.`,
        tone: 'amber',
      };
    case 'unavailable':
      return {
        title: 'You can’t sign in right now',
        text: `${Provider} or Curfew is not available at the moment. Try again, or sign in with your password.`,
        tone: 'red',
      };
    case 'no-response':
      return {
        title: 'Couldn’t reach Curfew',
        text: 'You’re not signed in. Check your connection and try again.',
        tone: 'red',
      };
    case 'failed':
      return { title: refusal.title, text: refusal.message, tone: 'red' };
  }
}
