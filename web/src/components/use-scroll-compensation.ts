import { type RefObject, useLayoutEffect, useRef } from 'react';

/**
 * Scrolls the page by the change in height of a region at its top, so that the text being read or typed stays in place
 * on the screen. Publishes the height as the CSS variable `property` for elements that must not lie under the region.
 */
export function useScrollCompensation(
  region: RefObject<HTMLElement | null>,
  property: string,
  contentKey: string,
): void {
  const height = useRef(0);

  useLayoutEffect(() => {
    const root = document.documentElement;
    const element = region.current;
    if (!element) return;
    const release = withoutScrollAnchoring();
    // The page must not get shorter before it has scrolled; otherwise the browser moves it.
    element.style.minHeight = `${height.current}px`;
    const now = heightOf(element);
    const difference = now - height.current;
    height.current = now;
    if (difference > 0) root.style.setProperty(property, `${now}px`);
    if (difference !== 0) window.scrollBy({ top: difference, behavior: 'instant' });
    if (difference < 0) root.style.setProperty(property, `${now}px`);
    element.style.minHeight = '';
    return release();
  }, [region, property, contentKey]);

  useLayoutEffect(() => {
    const element = region.current;
    if (!element) return;
    // A resized window rewraps the whole page, so there is no place to keep.
    const observer = new ResizeObserver(() => {
      height.current = heightOf(element);
      document.documentElement.style.setProperty(property, `${height.current}px`);
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      document.documentElement.style.removeProperty(property);
    };
  }, [region, property]);
}

const heightOf = (region: HTMLElement): number =>
  region.firstElementChild?.getBoundingClientRect().height ?? 0;

/** Disables the browser's scroll anchoring: it works only at some scroll positions and would compensate twice. */
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
