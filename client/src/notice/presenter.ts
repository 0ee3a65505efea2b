import { type SessionEnd } from '../core/session-state.ts';
import { type SessionWatcher } from '../watcher.ts';
import { createBackgroundTitle } from './background-title.ts';
import { type BarContent, createBarRegion } from './bar.ts';
import { type Actions, barOf, barOfEnd, type SigningOut } from './bar-content.ts';
import { type ConfirmDialog, openConfirmDialog } from './confirm-dialog.ts';
import { create, write } from './dom.ts';
import { type Language } from './language.ts';
import { type LastMinuteDialog, openLastMinuteDialog } from './last-minute-dialog.ts';
import { createReservedSpace } from './reserved-space.ts';
import { createSpeech } from './speech.ts';
import { type WarningView, warningView } from './warning-view.ts';

/** Where the height of the bar is for the styles of the page, such as `inset-block-start` of a fixed header. */
const HEIGHT = '--curfew-expiry-height';

/** Shows the state of a watcher in a shadow root. */
export interface Presenter {
  /** Shows the state as it is now. Null: nothing is watched. */
  render(watcher: SessionWatcher | null): void;
  /** Says that the session is over, until the next one begins or the user dismisses it. */
  showEnd(ending: SessionEnd): void;
  /** Takes everything away, also from the page around. */
  clear(): void;
}

export interface PresenterOptions {
  root: ShadowRoot;
  /** Read before each change: the page may change its language. */
  getLanguage(): Language;
  /** The address of the sign-in, if there is one. */
  getSignInUrl(): string | null;
  hasTitle(): boolean;
  /** Tells the page that the user is to authenticate again. False: the page asks them itself. */
  askPage(isUnasked: boolean): boolean;
}

export function createPresenter(options: PresenterOptions): Presenter {
  const { root, getLanguage, getSignInUrl, hasTitle, askPage } = options;
  const space = createReservedSpace(root.host as HTMLElement, HEIGHT);
  const region = createBarRegion(space);
  const spoken = create('div', { role: 'status', class: 'spoken' });
  root.append(region.element, spoken);
  const title = createBackgroundTitle();
  const speech = createSpeech(() => (confirmation ?? lastMinute)?.spoken ?? spoken);

  let watcher: SessionWatcher | null = null;
  let language: Language;
  let signingOut: SigningOut = 'no';
  let lastMinute: LastMinuteDialog | null = null;
  let confirmation: ConfirmDialog | null = null;
  /** The absolute deadline that was asked about on its own. */
  let askedFor: number | null = null;
  let end: SessionEnd | null = null;

  const goToSignIn = (): void => location.assign(getSignInUrl()!);

  function signOut(next: () => void): void {
    if (!watcher || signingOut === 'yes') return;
    const set = (state: SigningOut): void => {
      signingOut = state;
      update();
    };
    set('yes');
    watcher.signOut().then(
      () => {
        set('no');
        next();
      },
      () => set('failed'),
    );
  }

  const actions: Actions = {
    stay() {
      // The watcher reports the result in `extending`.
      if (watcher?.getState().extending !== 'yes') void watcher?.stay();
    },
    signOut: () => signOut(() => {}),
    signInAgain: () => signOut(() => getSignInUrl() !== null && goToSignIn()),
    confirm: () => confirm(false),
    dismiss: () => watcher?.dismiss(),
  };

  function closeConfirmation(): void {
    confirmation?.close();
    confirmation = null;
  }

  function confirm(isUnasked: boolean): void {
    if (confirmation || !watcher || !askPage(isUnasked)) return;
    const { reauthenticate } = watcher;
    confirmation = openConfirmDialog({
      root,
      getLanguage: () => language,
      user: watcher.getState().user,
      isUnasked,
      reauthenticate,
      onConfirmed() {
        closeConfirmation();
        speech.say(language.texts.stillSignedIn, language.tag);
      },
      onCancel: closeConfirmation,
    });
    update();
  }

  function dismissEnd(): void {
    end = null;
    update();
  }

  function barToShow(view: WarningView | null): BarContent | null {
    const canGo = getSignInUrl() !== null;
    if (end)
      return barOfEnd(end, language, { goToSignIn: canGo ? goToSignIn : undefined, dismiss: dismissEnd });
    return view && view.stage !== 'dismissed' ? barOf(view, signingOut, language, actions) : null;
  }

  function update(): void {
    language = getLanguage();
    const view = warningView(watcher, language);
    const isActive = watcher?.getState().status === 'active';
    const isDismissed = view?.stage === 'dismissed';
    if (isActive) end = null;
    if (!view && signingOut === 'failed') signingOut = 'no';

    region.show(barToShow(view), language.tag);
    if (view?.stage === 'last-minute') {
      lastMinute ??= openLastMinuteDialog(root, actions);
      lastMinute.update(view, signingOut, language);
    } else {
      lastMinute?.close();
      lastMinute = null;
    }
    if (view?.reason !== 'ABSOLUTE') closeConfirmation();
    else {
      confirmation?.update(view);
      const { state, expiresAt } = view;
      if (state.warning === 'now' && state.reauthentication !== 'impossible' && askedFor !== expiresAt) {
        askedFor = expiresAt;
        confirm(true);
      }
    }
    // Dismissed, it is only spoken in the dialog that asks to confirm.
    speech.follow(isDismissed && !confirmation ? null : view, isActive, language);
    title.show(
      view && !isDismissed && hasTitle() ? `(${view.countdown}) ${language.texts.titleOfTab}` : null,
    );
  }

  return {
    render(next) {
      watcher = next;
      update();
    },
    showEnd(ending) {
      end = ending;
      update();
    },
    clear() {
      watcher = null;
      end = null;
      update();
      speech.stop();
      write(spoken, '');
      space.release();
    },
  };
}
