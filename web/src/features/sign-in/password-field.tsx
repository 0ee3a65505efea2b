import { TextInput, UnstyledButton, VisuallyHidden } from '@mantine/core';
import { type Ref, useImperativeHandle, useRef, useState } from 'react';
import classes from './password-field.module.css';

export interface PasswordFieldHandle {
  read(): string;
  clear(): void;
  focus(): void;
  /** Dots again: browsers may offer what a visible field held as a suggestion. */
  hide(): void;
}

interface PasswordFieldProps {
  ref: Ref<PasswordFieldHandle>;
  error: string | null;
}

/** The password, read when it is needed only: it is in no state, and so in no re-rendered attribute. */
export function PasswordField({ ref, error }: PasswordFieldProps) {
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
      label="Password"
      size="md"
      type={isShown ? 'text' : 'password'}
      autoComplete="current-password"
      autoCapitalize="none"
      autoCorrect="off"
      spellCheck={false}
      required
      withAsterisk={false}
      error={error}
      rightSectionWidth={64}
      rightSection={
        <UnstyledButton className={classes.toggle} onClick={() => setShown(!isShown)}>
          {isShown ? 'Hide' : 'Show'}
          <VisuallyHidden> the password</VisuallyHidden>
        </UnstyledButton>
      }
    />
  );
}
