import {
  type FocusEvent,
  type KeyboardEvent,
  type ReactNode,
  type RefObject,
  useLayoutEffect,
  useRef,
} from 'react';
import { rememberCaret } from '../lib/caret.ts';
import classes from './top-dialog.module.css';

interface TopDialogProps {
  role: 'alertdialog' | 'dialog';
  tone: 'amber' | 'cyan';
  'aria-labelledby': string;
  'aria-describedby': string;
  /** Receives the focus. */
  initialFocus: RefObject<HTMLElement | null>;
  onEscape(): void;
  children: ReactNode;
}

/**
 * A dialog above everything, other dialogs too. A native modal one: it makes the rest of the page inert and returns the
 * focus. It stays until it is unmounted.
 */
export function TopDialog({ tone, initialFocus, onEscape, children, ...aria }: TopDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);

  useLayoutEffect(() => {
    const element = dialog.current!;
    const restoreCaret = rememberCaret(document.activeElement);
    element.showModal();
    initialFocus.current?.focus();
    const releaseWheel = keepWheel(element);
    return () => {
      releaseWheel();
      // Closes the dialog before it is removed; otherwise the focus would be lost.
      element.close();
      restoreCaret();
    };
  }, [initialFocus]);

  return (
    <dialog
      ref={dialog}
      {...aria}
      data-tone={tone}
      className={classes.dialog}
      onFocus={stopEscape}
      onKeyDown={(event: KeyboardEvent) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        onEscape();
      }}
      onCancel={(event) => {
        event.preventDefault();
        onEscape();
      }}
      // Browsers close a dialog on repeated Escape even though `onCancel` prevents it.
      onClose={() => {
        if (dialog.current?.isConnected && !dialog.current.open) dialog.current.showModal();
      }}
    >
      {/* Takes the focus of a click beside the controls, so that Escape still has a target in here. */}
      <div tabIndex={-1} className={classes.content}>
        {children}
      </div>
    </dialog>
  );
}

/** Mantine dialogs underneath listen for Escape on the window; this attribute on its target makes them ignore it. */
const stopEscape = ({ target }: FocusEvent): void =>
  target.setAttribute('data-mantine-stop-propagation', 'true');

/** Mantine dialogs underneath let nothing scroll outside of them. */
function keepWheel(element: HTMLElement): () => void {
  const keep = (event: Event) => event.stopPropagation();
  const events = ['wheel', 'touchmove'];
  for (const name of events) element.addEventListener(name, keep, { passive: true });
  return () => {
    for (const name of events) element.removeEventListener(name, keep);
  };
}
