import { type Button, create, setLanguage, write } from './dom.ts';
import { openModal } from './modal.ts';

export interface DialogOptions {
  root: ShadowRoot;
  role: 'alertdialog' | 'dialog';
  /** Below the title, the countdown and the text. */
  content?: Node[];
  buttons: Button[];
  /** Receives the focus. Null: the title does, in which nothing can be typed. */
  focus: HTMLElement | null;
  onEscape(): void;
}

export interface DialogContent {
  /** The language of the texts. */
  tag: string;
  tone: 'amber' | 'cyan';
  title: string;
  text: string;
  /** Empty while nothing is counted down. */
  countdown: string;
  /** The error message of the last action, or nothing. */
  failure: string;
}

export interface Dialog {
  update(content: DialogContent): void;
  /** A live region inside: what is outside of a modal dialog may not be spoken. */
  readonly spoken: HTMLElement;
  close(): void;
}

/** A modal dialog of the notice. */
export function openDialog(options: DialogOptions): Dialog {
  const { root, role, content = [], buttons, focus, onEscape } = options;
  const heading = create('h2', { id: 'title', part: 'title', dir: 'auto', tabindex: '-1' });
  const countdown = create('p', {
    class: 'countdown',
    part: 'countdown',
    dir: 'auto',
    'aria-hidden': 'true',
  });
  const text = create('p', { id: 'text', part: 'text', dir: 'auto' });
  const failure = create('p', { role: 'status', class: 'failure', part: 'failure', dir: 'auto' });
  const spoken = create('div', { role: 'status', class: 'spoken' });
  const actions = create('div', { class: 'actions' }, ...buttons.map(({ element }) => element));
  const element = create(
    'dialog',
    { role, part: 'dialog', 'aria-labelledby': 'title', 'aria-describedby': 'text' },
    // A form, for a password. It takes the focus of a click beside the controls, so that Escape has a target in here.
    create('form', { tabindex: '-1' }, heading, countdown, text, ...content, failure, actions, spoken),
  );
  root.append(element);
  const close = openModal(element, focus ?? heading, onEscape);

  return {
    spoken,
    update(next) {
      setLanguage(element, next.tag, failure);
      element.dataset.tone = next.tone;
      write(heading, next.title);
      write(countdown, next.countdown);
      write(text, next.text);
      write(failure, next.failure);
    },
    close() {
      // Before it is removed; otherwise the focus would be lost.
      close();
      element.remove();
    },
  };
}
