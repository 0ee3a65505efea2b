import { ReauthenticationError, SessionOverError } from '../core/errors.ts';
import { type WatchedUser } from '../core/session-state.ts';
import { type Credentials } from '../tokens/token-source.ts';
import { create, createButton, setAttributes, write } from './dom.ts';
import { type Dialog, openDialog } from './dialog.ts';
import { type Language } from './language.ts';
import { type WarningView } from './warning-view.ts';

export interface ConfirmDialog extends Pick<Dialog, 'close' | 'spoken'> {
  update(view: WarningView): void;
}

/** Asks for the password, over the page that the user is on. What is typed is in its field alone. */
export function openConfirmDialog(options: {
  root: ShadowRoot;
  /** As it is now: its texts may come while the dialog is open. */
  getLanguage(): Language;
  user: WatchedUser | null;
  /** It opened on its own: what someone is typing must not end up in its field. */
  isUnasked: boolean;
  reauthenticate(credentials: Credentials): Promise<void>;
  onConfirmed(): void;
  onCancel(): void;
}): ConfirmDialog {
  const { root, getLanguage, user, isUnasked, reauthenticate, onConfirmed, onCancel } = options;
  /** What is wrong with what was in the field, and why it could not be found out. */
  let wrong = NOTHING;
  let failure = NOTHING;
  let isBusy = false;
  let view: WarningView | null = null;

  const who = create('p', { dir: 'auto', translate: 'no' });
  write(who, user ? `${user.name} · ${user.email}` : '');
  // Tells password managers whose password it is.
  const username = create('input', {
    class: 'spoken',
    type: 'text',
    name: 'username',
    autocomplete: 'username',
    readonly: '',
    tabindex: '-1',
    'aria-hidden': 'true',
  });
  username.value = user?.email ?? '';
  const field = create('input', {
    id: 'password',
    part: 'field',
    type: 'password',
    name: 'password',
    autocomplete: 'current-password',
    required: '',
    'aria-describedby': 'error',
  });
  const label = create('label', { for: 'password', dir: 'auto' });
  const error = create('p', { id: 'error', class: 'failure', part: 'failure', dir: 'auto' });

  function show(): void {
    const language = getLanguage();
    const { tag, texts } = language;
    write(label, texts.password);
    write(error, wrong(language));
    setAttributes(field, { 'aria-invalid': wrong(language) ? 'true' : null });
    // A field that is disabled would lose the focus.
    field.readOnly = isBusy;
    submit.update(isBusy ? texts.busy : texts.confirmSubmit, isBusy);
    cancel.update(texts.notNow);
    const isLastMinute = view?.state.warning === 'now';
    dialog.update({
      tag,
      tone: isLastMinute ? 'amber' : 'cyan',
      title: texts.confirm,
      text: view?.words(texts.absoluteConfirm) ?? '',
      countdown: (isLastMinute && view?.words(texts.lastMinuteCountdown)) || '',
      failure: failure(language),
    });
  }

  async function confirm(): Promise<void> {
    if (isBusy) return;
    isBusy = true;
    wrong = failure = NOTHING;
    show();
    try {
      await reauthenticate({ password: field.value });
      onConfirmed();
    } catch (problem) {
      if (problem instanceof ReauthenticationError && problem.code === 'INVALID_CREDENTIALS') {
        field.value = '';
        field.focus();
        wrong = ({ texts }) => texts.passwordWrong;
      } else failure = (language) => failureInWords(problem, language);
    }
    isBusy = false;
    show();
  }

  const submit = createButton('main', () => {}, 'submit');
  const cancel = createButton('plain', onCancel);
  const dialog = openDialog({
    root,
    role: isUnasked ? 'alertdialog' : 'dialog',
    onEscape: onCancel,
    content: [who, username, label, field, error],
    buttons: [submit, cancel],
    focus: isUnasked ? null : field,
  });
  field.form!.onsubmit = (event) => {
    event.preventDefault();
    void confirm();
  };
  show();
  return {
    ...dialog,
    update(next) {
      view = next;
      show();
    },
  };
}

const NOTHING = (_language: Language): string => '';

/** Why the password was neither right nor wrong. */
function failureInWords(problem: unknown, { texts, plural }: Language): string {
  // The state says so, too.
  if (problem instanceof SessionOverError) return '';
  if (!(problem instanceof ReauthenticationError)) return texts.unreachable;
  const { code, retryAfterSeconds } = problem;
  return code === 'RATE_LIMITED' && retryAfterSeconds !== null
    ? plural(texts.tryAgainInMinutes, Math.max(1, Math.ceil(retryAfterSeconds / 60)))
    : texts.confirmFailed;
}
