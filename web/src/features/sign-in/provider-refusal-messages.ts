import { t } from '@lingui/core/macro';
import type { Tone } from '../../components/notice.tsx';
import { problemMessage } from '../../lib/problem.ts';
import type { ProviderRefusal } from './provider-refusal.ts';
import { deniedMessage } from './session-limit.ts';

export interface RefusalMessage {
  title: string;
  text: string;
  tone: Tone;
}

/** Describes what happened and what to do next. `name` is the provider's name, or null where this tab does not know it. */
export function refusalMessage(refusal: ProviderRefusal, name: string | null): RefusalMessage {
  switch (refusal.kind) {
    case 'flow-invalid':
      return {
        title: t`This sign-in can’t be completed`,
        text: t`It was started in another browser or too long ago, or it has already been completed. Start again.`,
        tone: 'amber',
      };
    case 'no-response':
      return {
        title: t`Couldn’t reach Curfew`,
        text: t`You’re not signed in. Check your connection and try again.`,
        tone: 'red',
      };
    case 'session-limit':
      return {
        title: t`Sign out somewhere else first`,
        text: deniedMessage(refusal.limit),
        tone: 'amber',
      };
    case 'failed': {
      const { problem } = refusal;
      const isTooOften = problem.kind === 'refused' && problem.code === 'RATE_LIMITED';
      return {
        title: isTooOften ? t`Too many attempts` : t`You’re not signed in`,
        text: problemMessage(problem),
        tone: 'red',
      };
    }
    default:
      return {
        ...(name === null ? wordsWithoutName(refusal) : wordsOf(refusal, name)),
        tone: TONES[refusal.kind],
      };
  }
}

type AtProvider = Exclude<
  ProviderRefusal,
  { kind: 'flow-invalid' | 'no-response' | 'session-limit' | 'failed' }
>;
type Words = Omit<RefusalMessage, 'tone'>;

const TONES: Record<AtProvider['kind'], Tone> = {
  cancelled: 'neutral',
  'provider-refused': 'amber',
  'response-invalid': 'red',
  'not-invited': 'amber',
  'sign-in-again': 'cyan',
  'sign-in-too-old': 'amber',
  unavailable: 'red',
};

function wordsOf(refusal: AtProvider, provider: string): Words {
  switch (refusal.kind) {
    case 'cancelled':
      return {
        title: t`You cancelled at ${provider}`,
        text: t`You’re not signed in. If you didn’t cancel, ${provider} doesn’t allow you to use Curfew: ask your administrator there.`,
      };
    case 'provider-refused':
      return {
        title: t`${provider} did not sign you in`,
        text: refusal.isTemporary
          ? t`${provider} has a problem at the moment. Try again later, or sign in with your password.`
          : t`${provider} returned an error. Try again, or sign in with your password. If it happens again, tell an owner of your account.`,
      };
    case 'response-invalid':
      return {
        title: t`This sign-in could not be verified`,
        text: t`The response of ${provider} did not pass Curfew’s checks, so you’re not signed in. Try again. If it happens again, tell an owner of your account.`,
      };
    case 'not-invited':
      return {
        title: t`You have not been invited`,
        text: t`You signed in at ${provider} with an account that has not been invited or is deactivated. Ask an owner to invite the e-mail address that you use at ${provider}, or use another account.`,
      };
    case 'sign-in-again':
      return {
        title: t`Sign in again at ${provider}`,
        text: t`Your last sign-in at ${provider} is too long ago for your account here. We’ll take you back there to sign in again.`,
      };
    case 'sign-in-too-old':
      return {
        title: t`${provider} did not ask you to sign in`,
        text: t`Your last sign-in there is too long ago for your account here, and you weren’t asked to sign in again. Sign out at ${provider} and try again, or sign in with your password.`,
      };
    case 'unavailable':
      return {
        title: t`You can’t sign in right now`,
        text: t`${provider} or Curfew is not available at the moment. Try again, or sign in with your password.`,
      };
  }
}

function wordsWithoutName(refusal: AtProvider): Words {
  switch (refusal.kind) {
    case 'cancelled':
      return {
        title: t`You cancelled at the identity provider`,
        text: t`You’re not signed in. If you didn’t cancel, the identity provider doesn’t allow you to use Curfew: ask your administrator there.`,
      };
    case 'provider-refused':
      return {
        title: t`The identity provider did not sign you in`,
        text: refusal.isTemporary
          ? t`The identity provider has a problem at the moment. Try again later, or sign in with your password.`
          : t`The identity provider returned an error. Try again, or sign in with your password. If it happens again, tell an owner of your account.`,
      };
    case 'response-invalid':
      return {
        title: t`This sign-in could not be verified`,
        text: t`The response of the identity provider did not pass Curfew’s checks, so you’re not signed in. Try again. If it happens again, tell an owner of your account.`,
      };
    case 'not-invited':
      return {
        title: t`You have not been invited`,
        text: t`You signed in at the identity provider with an account that has not been invited or is deactivated. Ask an owner to invite the e-mail address that you use there, or use another account.`,
      };
    case 'sign-in-again':
      return {
        title: t`Sign in again at the identity provider`,
        text: t`Your last sign-in at the identity provider is too long ago for your account here. We’ll take you back there to sign in again.`,
      };
    case 'sign-in-too-old':
      return {
        title: t`The identity provider did not ask you to sign in`,
        text: t`Your last sign-in there is too long ago for your account here, and you weren’t asked to sign in again. Sign out there and try again, or sign in with your password.`,
      };
    case 'unavailable':
      return {
        title: t`You can’t sign in right now`,
        text: t`The identity provider or Curfew is not available at the moment. Try again, or sign in with your password.`,
      };
  }
}
