import { type FocusEvent, type ReactNode, useRef } from 'react';
import { useFocusBack } from './use-focus-back.ts';
import { useKeptPlace } from './use-kept-place.ts';
import classes from './notice-place.module.css';

interface NoticePlaceProps {
  /** What is shown now, in a word: another word is another content. */
  content: string;
  children: ReactNode;
}

/** Where a notice appears: at the top of everything, there before it so that it is read, and moving nothing. */
export function NoticePlace({ content, children }: NoticePlaceProps) {
  const place = useRef<HTMLDivElement>(null);
  // In this order: to move the focus, the browser lays the page out, and would scroll as it sees fit.
  useKeptPlace(place, content);
  const focusBack = useFocusBack(place, content);
  return (
    <div
      ref={place}
      role="status"
      // Only what changed is read, not the whole notice again.
      aria-atomic={false}
      className={classes.place}
      onFocus={(event: FocusEvent) => focusBack.entered(event)}
      onBlur={(event: FocusEvent) => focusBack.left(event)}
    >
      {children}
    </div>
  );
}
