import { useLingui } from '@lingui/react/macro';
import { Checkbox } from '@mantine/core';
import { ROW_STOP } from './row-steps.ts';
import type { SelectedSession } from './sign-out-messages.ts';
import type { Selection } from './use-selection.ts';

interface SelectAllProps {
  /** The sessions of the list that can be chosen. */
  shown: readonly SelectedSession[];
  selection: Selection;
  /** Of which list, where a page has several. */
  label?: string;
}

/** Chooses every session that a list shows, or none of them. */
export function SelectAll({ shown, selection, label }: SelectAllProps) {
  const { t } = useLingui();
  const chosen = shown.filter(({ session }) => selection.has(session.id)).length;
  const isAll = shown.length > 0 && chosen === shown.length;
  return (
    <Checkbox
      {...ROW_STOP}
      size="sm"
      label={t`Select all ${shown.length} shown`}
      aria-label={label}
      checked={isAll}
      indeterminate={chosen > 0 && !isAll}
      disabled={shown.length === 0}
      onChange={() => (isAll ? selection.drop(shown.map(({ session }) => session.id)) : selection.add(shown))}
    />
  );
}
