import { Trans, useLingui } from '@lingui/react/macro';
import { Button, Text, TextInput } from '@mantine/core';
import { Check, Copy } from 'lucide-react';
import { useId, useRef } from 'react';
import classes from './link-field.module.css';
import { useCopy } from './use-copy.ts';

interface LinkFieldProps {
  /** Whom the link is for. */
  name: string;
  url: string;
  /** Whether the link is also on its way by mail. */
  sentByMail: boolean;
}

/** A one-time link to give to someone, which is shown only now. */
export function LinkField({ name, url, sentByMail }: LinkFieldProps) {
  const { t } = useLingui();
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const { state, copy } = useCopy();
  const copyLink = async () => {
    if ((await copy(url)) === 'refused') field.current?.select();
  };
  return (
    <div>
      <Text id={id}>
        {sentByMail ? (
          <Trans>{name} gets this link by mail. It works once, for 24 hours.</Trans>
        ) : (
          <Trans>Send {name} this link. It works once, for 24 hours.</Trans>
        )}
      </Text>
      <div className={classes.link}>
        <TextInput
          ref={field}
          className={classes.field}
          aria-label={t`Link for ${name}`}
          value={url}
          readOnly
          spellCheck={false}
          onFocus={(event) => event.currentTarget.select()}
        />
        <Button
          data-autofocus
          aria-describedby={id}
          variant="default"
          leftSection={state === 'copied' ? <Check size={16} aria-hidden /> : <Copy size={16} aria-hidden />}
          onClick={() => void copyLink()}
        >
          <Trans>Copy</Trans>
        </Button>
      </div>
      <Text size="sm" c="dimmed" role="status" className={classes.status}>
        {state === 'copied' && <Trans>Copied.</Trans>}
        {state === 'refused' && <Trans>Your browser didn’t copy it. Copy the selected link yourself.</Trans>}
      </Text>
    </div>
  );
}
