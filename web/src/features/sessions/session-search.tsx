import { useLingui } from '@lingui/react/macro';
import { CloseButton, TextInput } from '@mantine/core';
import { Search } from 'lucide-react';
import { useRef } from 'react';
import { ROW_STOP } from './row-steps.ts';
import classes from './session-search.module.css';

/** The maximum that the server accepts. */
const MAX_LENGTH = 200;

interface SessionSearchProps {
  value: string;
  onChange(value: string): void;
}

/** Finds sessions by whose they are, and by where they were started. */
export function SessionSearch({ value, onChange }: SessionSearchProps) {
  const { t } = useLingui();
  const field = useRef<HTMLInputElement>(null);
  const clear = () => {
    onChange('');
    field.current?.focus();
  };
  return (
    <TextInput
      {...ROW_STOP}
      ref={field}
      type="search"
      label={t`Find sessions`}
      description={t`By person, device, IP address or application`}
      placeholder={t`For example: iphone`}
      className={classes.search}
      maxLength={MAX_LENGTH}
      autoComplete="off"
      spellCheck={false}
      leftSection={<Search size={16} aria-hidden />}
      rightSection={value !== '' && <CloseButton size="sm" aria-label={t`Clear search`} onClick={clear} />}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
