import { create, createButton, setLanguage, speakAgain, write } from './dom.ts';
import { followFocus } from './follow-focus.ts';
import { type ReservedSpace } from './reserved-space.ts';

export interface BarContent {
  /** Another key makes another bar, which screen readers read out. */
  key: string;
  tone: 'amber' | 'cyan';
  text: string;
  /** The error message of the last action, or nothing. */
  failure?: string;
  /** Minutes and seconds, with what is left of the time: 0 to 1. Absent: nothing is counted down. */
  countdown?: string;
  share?: number;
  buttons: BarButton[];
}

export interface BarButton {
  part: 'main' | 'plain' | 'close';
  label: string;
  isBusy?: boolean;
  run(): void;
}

/** The region of the bar. It is there before its content, so that screen readers announce that, and takes no focus. */
export interface BarRegion {
  readonly element: HTMLElement;
  /** `tag`: the language of the content. */
  show(content: BarContent | null, tag: string): void;
}

export function createBarRegion(space: ReservedSpace): BarRegion {
  // Announces only what has changed, not the whole bar again.
  const element = create('div', { role: 'status', 'aria-atomic': 'false' });
  const takeFocus = followFocus(element);
  let key: string | null = null;
  let update = (_content: BarContent): void => {};

  return {
    element,
    show(content, tag) {
      setLanguage(element, tag);
      if (!content && key === null) return;
      const isSame = content?.key === key;
      const returnFocus = isSame ? () => {} : takeFocus();
      // A message of a failure makes it higher, too.
      space.keepPlace(element, () => {
        if (!isSame) {
          speakAgain(element);
          key = content?.key ?? null;
          const bar = content && createBar(content);
          element.replaceChildren(...(bar ? [bar.element] : []));
          if (bar) update = bar.update;
        }
        if (content) update(content);
      });
      returnFocus();
    },
  };
}

function createBar(first: BarContent): { element: HTMLElement; update(content: BarContent): void } {
  let { buttons } = first;
  const text = create('p', { dir: 'auto', part: 'text' });
  const failure = create('p', { dir: 'auto', part: 'failure' });
  // Hidden from screen readers: an announcement every second would drown out everything else.
  const countdown = create('span', { class: 'countdown', part: 'countdown', 'aria-hidden': 'true' });
  const progress = create('div', { class: 'progress', part: 'progress', 'aria-hidden': 'true' });
  const made = buttons.map(({ part }, index) => createButton(part, () => buttons[index]!.run()));
  const actions = create('div', { class: 'actions' }, ...made.map((button) => button.element));
  const texts = create('div', { class: 'text' }, text);
  const element = create(
    'div',
    { class: 'bar', part: `bar ${first.tone}`, 'data-tone': first.tone },
    create('div', { class: 'line' }, texts, countdown, actions),
    progress,
  );
  return {
    element,
    update(content) {
      ({ buttons } = content);
      write(text, content.text);
      write(failure, content.failure ?? '');
      if (!content.failure) failure.remove();
      else if (!failure.isConnected) texts.append(failure);
      write(countdown, content.countdown ?? '');
      progress.style.setProperty('--share', String(content.share ?? 0));
      buttons.forEach(({ label, isBusy }, index) => made[index]!.update(label, isBusy));
    },
  };
}
