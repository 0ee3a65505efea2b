import { type ReactNode, useState } from 'react';
import { type Problem, problemMessage } from '../../lib/problem.ts';
import type { SessionLimitDialog } from './session-limit-dialog.tsx';
import type { SessionChoices } from './session-limit.ts';

interface Shown {
  Dialog: typeof SessionLimitDialog;
  choices: SessionChoices;
  isRepeated: boolean;
  isOpen: boolean;
}

export interface LimitDialog {
  isOpen: boolean;
  /** Resolves to false when the dialog cannot be loaded. */
  show(choices: SessionChoices): Promise<boolean>;
  showFailure(problem: Problem): void;
  close(): void;
  element: ReactNode;
}

/** The dialog that asks which sessions to end. Loaded when it is needed for the first time. */
export function useLimitDialog(isBusy: boolean, onContinue: (sessionIds: string[]) => void): LimitDialog {
  const [shown, setShown] = useState<Shown | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const isOpen = shown?.isOpen === true;

  function close() {
    setFailure(null);
    setShown((before) => before && { ...before, isOpen: false });
  }

  return {
    isOpen,
    async show(choices) {
      try {
        const { SessionLimitDialog: Dialog } = await import('./session-limit-dialog.tsx');
        setFailure(null);
        setShown({ Dialog, choices, isRepeated: isOpen, isOpen: true });
        return true;
      } catch {
        return false;
      }
    },
    showFailure: (problem) => setFailure(problemMessage(problem)),
    close,
    element: shown && (
      <shown.Dialog
        opened={shown.isOpen}
        choices={shown.choices}
        isRepeated={shown.isRepeated}
        failure={failure}
        isBusy={isBusy}
        onContinue={onContinue}
        onClose={close}
      />
    ),
  };
}
