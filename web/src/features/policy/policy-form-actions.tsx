import { Button } from '@mantine/core';
import { CircleCheck } from 'lucide-react';
import { Notice } from '../../components/notice.tsx';
import type { PolicySave } from './use-policy-save.ts';
import classes from './policy-form.module.css';

interface PolicyFormActionsProps {
  isChanged: boolean;
  save: PolicySave;
  onDiscard(): void;
}

export function PolicyFormActions({ isChanged, save, onDiscard }: PolicyFormActionsProps) {
  return (
    <div className={classes.actions}>
      <Button
        type="submit"
        aria-disabled={!isChanged || save.phase !== 'ready'}
        data-disabled={!isChanged || undefined}
      >
        {{ ready: 'Save', checking: 'Checking…', saving: 'Saving…' }[save.phase]}
      </Button>
      {isChanged && (
        <>
          <Button variant="default" onClick={onDiscard}>
            Discard
          </Button>
          <span className={classes.unsaved}>You have unsaved changes.</span>
        </>
      )}
      <div role="status" className={classes.outcome}>
        {save.outcome?.kind === 'saved' && (
          <Notice tone="emerald" icon={<CircleCheck size={18} />}>
            {save.outcome.apply === 'NEXT_LOGIN'
              ? 'Saved. The new limits apply from the next sign-in.'
              : 'Saved and applied to everyone signed in.'}
          </Notice>
        )}
      </div>
    </div>
  );
}
