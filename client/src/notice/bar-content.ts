import { type SessionEnd } from '../core/session-state.ts';
import { type BarContent } from './bar.ts';
import { type Language } from './language.ts';
import { type WarningView } from './warning-view.ts';

/** What the user can do about a warning, or about the end. */
export interface Actions {
  stay(): void;
  /** Signs out, and then goes to the sign-in, if there is one. */
  signInAgain(): void;
  signOut(): void;
  confirm(): void;
  dismiss(): void;
  /** Absent: the page has no address of a sign-in. */
  goToSignIn?(): void;
}

export type SigningOut = 'no' | 'yes' | 'failed';

/** The error message of the last action, or nothing. */
export function failureOf(
  { state, words }: WarningView,
  signingOut: SigningOut,
  { texts }: Language,
): string {
  if (state.extending === 'failed') return words(texts.unreachableUntil);
  return signingOut === 'failed' ? texts.unreachable : '';
}

/** The bar of a warning. */
export function barOf(
  view: WarningView,
  signingOut: SigningOut,
  language: Language,
  actions: Actions,
): BarContent {
  const { texts } = language;
  const { state, countdown, share, words } = view;
  const common = { countdown, share, failure: failureOf(view, signingOut, language) };
  if (view.reason === 'IDLE') {
    const isBusy = state.extending === 'yes';
    const label = isBusy ? texts.busy : texts.stay;
    return {
      ...common,
      key: 'idle',
      tone: 'amber',
      text: words(texts.idle),
      buttons: [{ part: 'main', label, isBusy, run: actions.stay }],
    };
  }
  const tone = 'cyan';
  const dismiss = { part: 'close', label: texts.dismiss, run: actions.dismiss } as const;
  if (state.reauthentication !== 'impossible')
    return {
      ...common,
      key: 'confirm',
      tone,
      text: words(texts.absoluteConfirm),
      buttons: [{ part: 'main', label: texts.confirm, run: actions.confirm }, dismiss],
    };
  const isBusy = signingOut === 'yes';
  const label = isBusy ? texts.busy : texts.signIn;
  return {
    ...common,
    key: 'absolute',
    tone,
    text: words(texts.absolute),
    buttons: [{ part: 'plain', label, isBusy, run: actions.signInAgain }, dismiss],
  };
}

/** The bar after the end. `dismiss` takes it away. */
export function barOfEnd(
  ending: SessionEnd,
  { texts }: Language,
  { goToSignIn, dismiss }: Pick<Actions, 'goToSignIn' | 'dismiss'>,
): BarContent {
  return {
    key: 'end',
    tone: 'cyan',
    text:
      ending.kind !== 'expired'
        ? texts.revoked
        : ending.limit === 'idle'
          ? texts.expiredIdle
          : texts.expiredAbsolute,
    buttons: [
      ...(goToSignIn ? [{ part: 'main', label: texts.signIn, run: goToSignIn } as const] : []),
      { part: 'close', label: texts.dismiss, run: dismiss },
    ],
  };
}
