import { type FocusEvent, type ReactNode, useRef } from 'react';
import { useReturnFocus } from './use-return-focus.ts';
import { useScrollCompensation } from './use-scroll-compensation.ts';
import classes from './notice-region.module.css';

interface NoticeRegionProps {
  /** Which of the regions it is, from above: an expiry notice, or new sign-ins. */
  place: keyof typeof HEIGHTS;
  /** Identifies the content: a new value means that the content has changed. */
  contentKey: string;
  children: ReactNode;
}

/** Where each region publishes its height. The styles add them up. */
const HEIGHTS = { expiry: '--curfew-expiry-height', 'sign-ins': '--curfew-sign-ins-height' };

/** The live region for notices at the top of the page. It exists before its content and moves nothing on the page. */
export function NoticeRegion({ place, contentKey, children }: NoticeRegionProps) {
  const region = useRef<HTMLDivElement>(null);
  // Before the focus moves: a focus change forces a layout, after which the browser would scroll on its own.
  useScrollCompensation(region, HEIGHTS[place], contentKey);
  const returnFocus = useReturnFocus(region, contentKey);
  return (
    <div
      ref={region}
      role="status"
      // Announces only what changed, not the whole notice again.
      aria-atomic={false}
      className={classes.region}
      data-place={place}
      onFocus={(event: FocusEvent) => returnFocus.onFocus(event)}
      onBlur={(event: FocusEvent) => returnFocus.onBlur(event)}
    >
      {children}
    </div>
  );
}
