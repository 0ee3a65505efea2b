import { type FocusEvent, type RefObject, useLayoutEffect, useRef } from 'react';

interface ReturnFocus {
  onFocus(event: FocusEvent): void;
  onBlur(event: FocusEvent): void;
}

/** Returns the focus to its origin, or to the page, when a focused control disappears with its notice. */
export function useReturnFocus(region: RefObject<HTMLElement | null>, contentKey: string): ReturnFocus {
  const isInside = useRef(false);
  const origin = useRef<Element | null>(null);

  useLayoutEffect(() => {
    if (!isInside.current || document.activeElement !== document.body) return;
    isInside.current = false;
    const target = origin.current?.isConnected ? origin.current : document.getElementById('main');
    if (target instanceof HTMLElement) target.focus({ preventScroll: true });
  }, [contentKey]);

  return {
    onFocus({ relatedTarget }) {
      if (!isInside.current && !isIn(region.current, relatedTarget))
        origin.current = asElement(relatedTarget);
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
