import type { KeyboardEvent } from 'react';

const STEPS: Partial<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 };

/** Props of a control that the arrow keys reach. */
export const ROW_STOP = { 'data-row-stop': true };

/** Lets Up and Down step from the search through the rows and back, past the other buttons of each row. */
export function stepThroughRows(event: KeyboardEvent<HTMLElement>): void {
  const step = STEPS[event.key];
  if (step === undefined || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const stops = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-row-stop]:not(:disabled)')];
  const from = stops.indexOf(event.target as HTMLElement);
  const next = from < 0 ? undefined : stops[from + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
}
