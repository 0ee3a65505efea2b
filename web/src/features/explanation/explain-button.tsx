import { useLingui } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { useState } from 'react';
import { useOnDemand } from '../../components/use-on-demand.ts';
import { loadTexts } from '../../lib/language.ts';
import classes from './explain-button.module.css';

interface ExplainButtonProps {
  sessionId: string;
  isEnded: boolean;
  /** Names the session among others, such as `Firefox on Linux`. */
  what: string;
}

async function loadDialog() {
  const [{ ExplanationDialog }] = await Promise.all([
    import('./explanation-dialog.tsx'),
    loadTexts(['policy-words']),
  ]);
  return ExplanationDialog;
}

/** Opens the explanation of a session. */
export function ExplainButton({ sessionId, isEnded, what }: ExplainButtonProps) {
  const { t } = useLingui();
  const { loaded: ExplanationDialog, load } = useOnDemand(loadDialog);
  const [isOpen, setOpen] = useState(false);
  const question = isEnded ? t`Why did this end?` : t`When does this end?`;
  return (
    <>
      <Button
        size="compact-sm"
        variant="subtle"
        className={classes.explain}
        aria-label={`${question} ${what}`}
        aria-haspopup="dialog"
        onClick={() => {
          void load().then((isThere) => isThere && setOpen(true));
        }}
      >
        {question}
      </Button>
      {ExplanationDialog && (
        <ExplanationDialog
          opened={isOpen}
          title={question}
          sessionId={sessionId}
          onClose={() => setOpen(false)}
        />
      )}
    </>
  );
}
