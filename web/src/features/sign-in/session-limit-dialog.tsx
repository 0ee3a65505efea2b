import { useLingui } from '@lingui/react/macro';
import { useEffect, useState } from 'react';
import { DialogFrame } from '../../components/dialog-frame.tsx';
import { SessionChoice } from './session-choice.tsx';
import type { SessionChoices } from './session-limit.ts';

interface SessionLimitDialogProps {
  opened: boolean;
  choices: SessionChoices;
  isRepeated: boolean;
  failure: string | null;
  isBusy: boolean;
  onContinue(sessionIds: string[]): void;
  onClose(): void;
}

/** Over the form, which keeps what was typed: the sign-in is repeated with it. */
export function SessionLimitDialog({
  opened,
  choices,
  onContinue,
  onClose,
  ...state
}: SessionLimitDialogProps) {
  const { t } = useLingui();
  // Mantine returns the focus only from a dialog that was mounted before it opened.
  const [isMounted, setMounted] = useState(false);
  useEffect(() => setMounted(true), []);
  const close = () => {
    if (!state.isBusy) onClose();
  };
  return (
    <DialogFrame title={t`Sign out somewhere else first`} opened={opened && isMounted} onClose={close}>
      <SessionChoice
        {...state}
        choices={choices}
        busyLabel={t`Signing in…`}
        cancelLabel={t`Cancel`}
        onContinue={onContinue}
        onCancel={close}
      />
    </DialogFrame>
  );
}
