import { type FocusEvent, type RefObject, useLayoutEffect, useRef } from 'react';
import { rememberCaret } from '../lib/caret.ts';

interface ReturnFocus {
  onFocus(event: FocusEvent): void;
  onBlur(event: FocusEvent): void;
}

/** Returns the focus to its origin, or to the page, when a focused control disappears with its notice. */
export function useReturnFocus(region: RefObject<HTMLElement | null>, contentKey: string): ReturnFocus {
  const isInside = useRef(false);
  const origin = useRef<Element | null>(null);
  const restoreCaret = useRef(() => {});

  useLayoutEffect(() => {
    if (!isInside.current) return;
    const restore = () => {
      if (document.activeElement !== document.body) return;
      isInside.current = false;
      const target = origin.current?.isConnected ? origin.current : document.getElementById('main');
      if (target instanceof HTMLElement) target.focus({ preventScroll: true });
      restoreCaret.current();
    };
    // A dialog that was opened from the notice gives the focus back to a control that is gone.
    const dialog = document.activeElement?.closest('dialog');
    if (dialog) dialog.addEventListener('close', restore, { once: true });
    else restore();
  }, [contentKey]);

  return {
    onFocus({ relatedTarget }) {
      if (!isInside.current && !isIn(region.current, relatedTarget)) {
        origin.current = asElement(relatedTarget);
        restoreCaret.current = rememberCaret(origin.current);
      }
      isInside.current = true;
    },
    onBlur({ relatedTarget }) {
      // The last-minute dialog takes the focus and returns it.
      isInside.current =
        isIn(region.current, relatedTarget) || asElement(relatedTarget)?.closest('dialog') != null;
    },
  };
}

const asElement = (target: EventTarget | null): Element | null => (target instanceof Element ? target : null);
const isIn = (region: HTMLElement | null, target: EventTarget | null): boolean =>
  region?.contains(asElement(target)) ?? false;
