import { Trans } from '@lingui/react/macro';
import { Button, VisuallyHidden } from '@mantine/core';
import { Check, Copy } from 'lucide-react';
import { useEffect, useId, useRef, useState } from 'react';
import classes from './copy-text.module.css';

interface CopyTextProps {
  label: string;
  text: string;
  copyLabel: string;
  /** Whether its button has the focus when it appears. */
  isFocused?: boolean;
}

/** A text in fixed width with a button that copies it. Where the browser refuses, the text is selected instead. */
export function CopyText({ label, text, copyLabel, isFocused }: CopyTextProps) {
  const [isCopied, setCopied] = useState(false);
  const id = useId();
  const shown = useRef<HTMLElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (isFocused) button.current?.focus();
  }, [isFocused]);

  async function copy() {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
    } catch {
      getSelection()?.selectAllChildren(shown.current!);
    }
  }

  return (
    <div className={classes.box} role="group" aria-labelledby={id}>
      <span id={id} className={classes.label}>
        {label}
      </span>
      <code ref={shown} className={classes.text}>
        {text}
      </code>
      <Button
        ref={button}
        data-autofocus={isFocused || undefined}
        variant="default"
        size="xs"
        className={classes.button}
        leftSection={isCopied ? <Check size={15} aria-hidden /> : <Copy size={15} aria-hidden />}
        onClick={() => void copy()}
      >
        {isCopied ? <Trans>Copied</Trans> : copyLabel}
      </Button>
      <VisuallyHidden role="status">{isCopied && <Trans>Copied</Trans>}</VisuallyHidden>
    </div>
  );
}
