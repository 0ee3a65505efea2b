import { Plural, Trans } from '@lingui/react/macro';
import { Button, VisuallyHidden } from '@mantine/core';
import { LogOut } from 'lucide-react';
import { type RefObject, useCallback } from 'react';
import { ROW_STOP } from './row-steps.ts';
import classes from './sign-out-selected.module.css';
import type { SignOutTarget } from './sign-out-messages.ts';
import type { Selection } from './use-selection.ts';

interface SignOutSelectedProps {
  selection: Selection;
  /** The rows are people, whose sessions show when a row is opened. */
  isOfPeople: boolean;
  /** Receives the focus when a focused button disappears. */
  fallbackFocus: RefObject<HTMLElement | null>;
  onSignOut(target: SignOutTarget): void;
}

/** Has its place at all times, so that the first choice moves nothing. Sticks to the top of a long list. */
export function SignOutSelected(props: SignOutSelectedProps) {
  const { selection, isOfPeople, fallbackFocus, onSignOut } = props;
  const { selected } = selection;
  const count = selected.length;
  const handOver = useCallback(
    (bar: HTMLElement | null) => () => {
      if (bar?.contains(document.activeElement)) fallbackFocus.current?.focus();
    },
    [fallbackFocus],
  );
  return (
    <div className={classes.place} data-is-used={count > 0}>
      <VisuallyHidden role="status">
        {count > 0 && <Plural value={count} one="# session selected" other="# sessions selected" />}
      </VisuallyHidden>
      {count > 0 ? (
        <div ref={handOver} className={classes.bar}>
          <Button
            {...ROW_STOP}
            size="xs"
            variant="light"
            color="red"
            leftSection={<LogOut size={14} aria-hidden />}
            className={classes.out}
            onClick={() => onSignOut({ kind: 'selected', selected })}
          >
            <Plural value={count} one="Sign out # selected" other="Sign out # selected" />
          </Button>
          <Button size="xs" variant="subtle" color="gray" className={classes.clear} onClick={selection.clear}>
            <Trans>Clear selection</Trans>
          </Button>
        </div>
      ) : (
        <p className={classes.hint}>
          {isOfPeople ? (
            <Trans>Search, or open a person, to select sessions and sign them out together.</Trans>
          ) : (
            <span>
              <Trans>Select sessions to sign them out together.</Trans>{' '}
              <span className={classes.keys}>
                <Trans>The arrow keys move between rows.</Trans>
              </span>
            </span>
          )}
        </p>
      )}
    </div>
  );
}
