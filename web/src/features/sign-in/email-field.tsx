import { useLingui } from '@lingui/react/macro';
import { TextInput } from '@mantine/core';
import type { Ref } from 'react';

interface EmailFieldProps {
  ref: Ref<HTMLInputElement>;
  value: string;
  onChange(value: string): void;
  /** Nothing that could be an e-mail address. */
  isWrong: boolean;
}

/** The name by which a person signs in, as password managers and keyboards of phones know it. */
export function EmailField({ ref, value, onChange, isWrong }: EmailFieldProps) {
  const { t } = useLingui();
  return (
    <TextInput
      ref={ref}
      name="email"
      label={t`E-mail`}
      size="md"
      type="email"
      inputMode="email"
      autoComplete="username"
      autoCapitalize="none"
      autoCorrect="off"
      spellCheck={false}
      required
      withAsterisk={false}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      error={isWrong && t`Enter your e-mail address.`}
    />
  );
}
