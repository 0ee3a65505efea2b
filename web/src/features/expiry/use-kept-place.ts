import { type RefObject, useLayoutEffect, useRef } from 'react';

const HEIGHT = '--curfew-notice-height';

/**
 * What is being read or typed stays where it is on the screen while something above it comes, goes or grows: the page
 * scrolls by the difference. The height is left in a variable for what must not lie underneath.
 */
export function useKeptPlace(place: RefObject<HTMLElement | null>, content: string): void {
  const height = useRef(0);

  useLayoutEffect(() => {
    const root = document.documentElement;
    const element = place.current;
    if (!element) return;
    const release = withoutScrollAnchoring();
    // Until the page has scrolled it must not be shorter than it was: the browser would move it on its own.
    element.style.minHeight = `${height.current}px`;
    const now = heightOf(element);
    const difference = now - height.current;
    height.current = now;
    if (difference > 0) root.style.setProperty(HEIGHT, `${now}px`);
    if (difference !== 0) window.scrollBy({ top: difference, behavior: 'instant' });
    if (difference < 0) root.style.setProperty(HEIGHT, `${now}px`);
    element.style.minHeight = '';
    return release();
  }, [place, content]);

  useLayoutEffect(() => {
    const element = place.current;
    if (!element) return;
    // Narrower windows break lines; everything is laid out anew then, so nothing is kept in place.
    const observer = new ResizeObserver(() => {
      height.current = heightOf(element);
      document.documentElement.style.setProperty(HEIGHT, `${height.current}px`);
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      document.documentElement.style.removeProperty(HEIGHT);
    };
  }, [place]);
}

const heightOf = (place: HTMLElement): number => place.firstElementChild?.getBoundingClientRect().height ?? 0;

/** The browser's own way of keeping the place works only in some places, and would be added to this one. */
function withoutScrollAnchoring(): () => () => void {
  const scrollers = [document.documentElement, document.body];
  for (const { style } of scrollers) style.setProperty('overflow-anchor', 'none');
  return () => {
    const restore = () => {
      for (const { style } of scrollers) style.removeProperty('overflow-anchor');
    };
    const frame = requestAnimationFrame(restore);
    return () => {
      cancelAnimationFrame(frame);
      restore();
    };
  };
}
