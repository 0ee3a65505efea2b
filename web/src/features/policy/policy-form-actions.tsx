import { Trans, useLingui } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { CircleCheck } from 'lucide-react';
import { Notice } from '../../components/notice.tsx';
import { appliedInWords } from './policy-messages.ts';
import type { PolicySave } from './use-policy-save.ts';
import classes from './policy-form.module.css';

interface PolicyFormActionsProps {
  isChanged: boolean;
  save: PolicySave;
  onDiscard(): void;
}

export function PolicyFormActions({ isChanged, save, onDiscard }: PolicyFormActionsProps) {
  const { t } = useLingui();
  return (
    <div className={classes.actions}>
      <Button
        type="submit"
        aria-disabled={!isChanged || save.phase !== 'ready'}
        data-disabled={!isChanged || undefined}
      >
        <span>{{ ready: t`Save`, checking: t`Checking…`, saving: t`Saving…` }[save.phase]}</span>
      </Button>
      {isChanged && (
        <>
          <Button variant="default" onClick={onDiscard}>
            <Trans>Discard</Trans>
          </Button>
          <span className={classes.unsaved}>
            <Trans>You have unsaved changes.</Trans>
          </span>
        </>
      )}
      <div role="status" className={classes.outcome}>
        {save.outcome?.kind === 'saved' && (
          <Notice tone="emerald" icon={<CircleCheck size={18} />}>
            <span>
              {save.outcome.apply === 'NEXT_LOGIN'
                ? t`Saved. The new limits apply from the next sign-in.`
                : appliedInWords(save.outcome.endedSessions, save.outcome.shortenedSessions)}
            </span>
          </Notice>
        )}
      </div>
    </div>
  );
}
