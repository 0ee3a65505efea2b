import { focusedElement } from './caret.ts';
import { addSheet, removeSheet } from './style-sheets.ts';

/** Keeps the bar at the top of the window and makes room for it: nothing moves, and nothing with the focus is covered. */
export interface ReservedSpace {
  /**
   * Runs a change of the bar and scrolls by what it grew or shrank: the text that is read or typed stays where it is on
   * the screen.
   */
  keepPlace(region: HTMLElement, change: () => void): void;
  /** Gives back all room. */
  release(): void;
}

/**
 * `host` stands at the top of the page, fixed unless its style says otherwise. `property`: the custom property in which the
 * page finds the height.
 */
export function createReservedSpace(host: HTMLElement, property: string): ReservedSpace {
  let height = 0;
  let sheet: CSSStyleSheet | null = null;
  /** What the page showed on the whole screen when the host was put above it. */
  let raisedOver: Element | null = null;
  const observer =
    typeof ResizeObserver === 'undefined'
      ? null
      : // A resized window rewraps the whole page, so there is no place to keep.
        new ResizeObserver(([entry]) => publish(heightOf(entry!.target as HTMLElement)));

  function publish(next: number): void {
    height = next;
    const root = document.documentElement;
    // Pixels of a page that zooms itself are larger than those of the window.
    const zoom = root.currentCSSZoom ?? 1;
    if (next === 0) root.style.removeProperty(property);
    else root.style.setProperty(property, `${next / zoom}px`);
    useSheet(next > 0);
  }

  /** Above everything if it would not be seen: in what a page moves or filters, and beside what fills the screen. */
  function raise(): void {
    const { position, top } = getComputedStyle(host);
    // The host's own dialogs stay above the bar.
    if (!host.showPopover || position !== 'fixed' || host.shadowRoot!.querySelector('dialog')) return;
    const { fullscreenElement } = document;
    const isElsewhere = Math.abs(host.getBoundingClientRect().top - parseFloat(top)) > 1;
    if (fullscreenElement === raisedOver && (host.matches(':popover-open') || !isElsewhere)) return;
    lower();
    raisedOver = fullscreenElement;
    host.popover = 'manual';
    host.showPopover();
  }

  function useSheet(isUsed: boolean): void {
    if (isUsed === (sheet !== null)) return;
    if (sheet) removeSheet(document, sheet);
    sheet = isUsed
      ? // Without specificity: what the page itself says counts.
        addSheet(
          document,
          `@media screen{:where(:root){scroll-padding-block-start:calc(var(${property}) + 0.75rem);${
            getComputedStyle(host).position === 'fixed' ? `padding-block-start:var(${property})` : ''
          }}}`,
        )
      : null;
  }

  function lower(): void {
    host.popover = null;
    raisedOver = null;
  }

  return {
    keepPlace(region, change) {
      const release = withoutScrollAnchoring();
      // The page must not get shorter before it has scrolled; otherwise the browser moves it.
      region.style.minHeight = `${height}px`;
      change();
      if (region.firstElementChild) raise();
      else lower();
      const next = heightOf(region);
      const difference = next - height;
      if (difference > 0) publish(next);
      if (difference !== 0) scrollBy({ top: difference, behavior: 'instant' });
      if (difference < 0) publish(next);
      region.style.minHeight = '';
      // The page is laid out now, while nothing else scrolls it.
      heightOf(region);
      release();
      if (next > 0) observer?.observe(region);
      else observer?.disconnect();
      if (difference > 0) uncover(region);
    },
    release() {
      observer?.disconnect();
      lower();
      if (height > 0) publish(0);
    },
  };
}

/** Shows what has the focus, if the bar has just come over it. */
function uncover(region: HTMLElement): void {
  const focused = focusedElement();
  if (!focused || focused === document.body || region.contains(focused)) return;
  const bar = region.getBoundingClientRect();
  const { top, bottom, height } = focused.getBoundingClientRect();
  if (top < bar.bottom && bottom > bar.top && height < innerHeight - bar.bottom)
    scrollBy({ top: top - bar.bottom - 8, behavior: 'instant' });
}

const heightOf = (region: HTMLElement): number =>
  region.firstElementChild?.getBoundingClientRect().height ?? 0;

/**
 * Disables the browser's scroll anchoring: it works only at some scroll positions and would compensate twice. Firefox
 * looks whether it is disabled when it lays out the page, which is after the next frame has begun.
 */
function withoutScrollAnchoring(): () => void {
  const styles = [document.documentElement, document.body].map(({ style }) => style);
  for (const style of styles) style.setProperty('overflow-anchor', 'none');
  return () =>
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        for (const style of styles) style.removeProperty('overflow-anchor');
      }),
    );
}
