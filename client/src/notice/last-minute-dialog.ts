import { type Actions, failureOf, type SigningOut } from './bar-content.ts';
import { type Dialog, openDialog } from './dialog.ts';
import { createButton } from './dom.ts';
import { type Language } from './language.ts';
import { type WarningView } from './warning-view.ts';

export interface LastMinuteDialog extends Pick<Dialog, 'close' | 'spoken'> {
  update(view: WarningView, signingOut: SigningOut, language: Language): void;
}

/** Asks in the last minute before the idle limit. Stays until the server has agreed or the session has ended. */
export function openLastMinuteDialog(
  root: ShadowRoot,
  { stay, signOut }: Pick<Actions, 'stay' | 'signOut'>,
): LastMinuteDialog {
  const stayButton = createButton('main', stay);
  const signOutButton = createButton('plain', signOut);
  const dialog = openDialog({
    root,
    role: 'alertdialog',
    buttons: [stayButton, signOutButton],
    focus: stayButton.element,
    onEscape: stay,
  });
  return {
    ...dialog,
    update(view, signingOut, language) {
      const { tag, texts } = language;
      const isStaying = view.state.extending === 'yes';
      const isSigningOut = signingOut === 'yes';
      stayButton.update(isStaying ? texts.busy : texts.stay, isStaying);
      signOutButton.update(isSigningOut ? texts.busy : texts.signOut, isSigningOut);
      dialog.update({
        tag,
        tone: 'amber',
        title: texts.lastMinuteTitle,
        text: view.words(texts.idle),
        countdown: view.words(texts.lastMinuteCountdown),
        failure: failureOf(view, signingOut, language),
      });
    },
  };
}
