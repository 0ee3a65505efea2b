import { Trans, useLingui } from '@lingui/react/macro';
import { TextInput, UnstyledButton, VisuallyHidden } from '@mantine/core';
import { type Ref, useImperativeHandle, useRef, useState } from 'react';
import classes from './password-field.module.css';

export interface PasswordFieldHandle {
  read(): string;
  clear(): void;
  focus(): void;
  /** Masks the password again: browsers may suggest the value of a visible field later. */
  hide(): void;
}

interface PasswordFieldProps {
  ref: Ref<PasswordFieldHandle>;
  error: string | null;
  /** While what was typed is on its way. */
  isReadOnly?: boolean;
  /** Called with whether there is something in the field. */
  onTyping?(isTyping: boolean): void;
}

/** The password is read from the field on demand and never kept in state, so that no rendered attribute contains it. */
export function PasswordField({ ref, error, isReadOnly, onTyping }: PasswordFieldProps) {
  const { t } = useLingui();
  const [isShown, setShown] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  useImperativeHandle(ref, () => ({
    read: () => input.current!.value,
    clear: () => void (input.current!.value = ''),
    focus: () => input.current!.focus(),
    hide: () => setShown(false),
  }));
  return (
    <TextInput
      ref={input}
      name="password"
      label={t`Password`}
      size="md"
      type={isShown ? 'text' : 'password'}
      autoComplete="current-password"
      autoCapitalize="none"
      autoCorrect="off"
      spellCheck={false}
      required
      withAsterisk={false}
      error={error}
      readOnly={isReadOnly}
      onChange={(event) => onTyping?.(event.currentTarget.value !== '')}
      rightSectionWidth="5.9rem"
      rightSection={
        <UnstyledButton className={classes.toggle} onClick={() => setShown(!isShown)}>
          {isShown ? (
            <Trans>
              Hide<VisuallyHidden> password</VisuallyHidden>
            </Trans>
          ) : (
            <Trans>
              Show<VisuallyHidden> password</VisuallyHidden>
            </Trans>
          )}
        </UnstyledButton>
      }
    />
  );
}
