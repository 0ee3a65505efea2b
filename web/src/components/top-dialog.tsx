import {
  type FocusEvent,
  type ReactNode,
  type RefObject,
  useEffectEvent,
  useLayoutEffect,
  useRef,
} from 'react';
import { openModal } from '../../../client/src/notice/modal.ts';
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

/** A modal dialog above everything, as the expiry notice has them. It stays until it is unmounted. */
export function TopDialog({ tone, initialFocus, onEscape, children, ...aria }: TopDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const escape = useEffectEvent(onEscape);
  useLayoutEffect(
    () => openModal(dialog.current!, initialFocus.current ?? dialog.current!, () => escape()),
    [initialFocus],
  );
  return (
    <dialog ref={dialog} {...aria} data-tone={tone} className={classes.dialog} onFocus={stopEscape}>
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
