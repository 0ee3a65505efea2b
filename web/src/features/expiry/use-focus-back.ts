import { type FocusEvent, type RefObject, useLayoutEffect, useRef } from 'react';

interface FocusBack {
  entered(event: FocusEvent): void;
  left(event: FocusEvent): void;
}

/** When what had the focus goes with its notice, the focus goes back to where it had come from, or to the page. */
export function useFocusBack(place: RefObject<HTMLElement | null>, content: string): FocusBack {
  const isInside = useRef(false);
  const cameFrom = useRef<Element | null>(null);

  useLayoutEffect(() => {
    if (!isInside.current || document.activeElement !== document.body) return;
    isInside.current = false;
    const origin = cameFrom.current;
    const target = origin?.isConnected ? origin : document.getElementById('main');
    if (target instanceof HTMLElement) target.focus({ preventScroll: true });
  }, [content]);

  return {
    entered({ relatedTarget }) {
      if (!isInside.current && !isIn(place.current, relatedTarget))
        cameFrom.current = asElement(relatedTarget);
      isInside.current = true;
    },
    left({ relatedTarget }) {
      // The last minute's dialog borrows the focus and gives it back.
      isInside.current =
        isIn(place.current, relatedTarget) || asElement(relatedTarget)?.closest('dialog') != null;
    },
  };
}

const asElement = (target: EventTarget | null): Element | null => (target instanceof Element ? target : null);
const isIn = (place: HTMLElement | null, target: EventTarget | null): boolean =>
  place?.contains(asElement(target)) ?? false;
