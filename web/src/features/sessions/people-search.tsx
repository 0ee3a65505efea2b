import { CloseButton, TextInput } from '@mantine/core';
import { Search } from 'lucide-react';
import { useRef } from 'react';

/** The maximum that the server accepts. */
const MAX_LENGTH = 200;

interface PeopleSearchProps {
  value: string;
  onChange(value: string): void;
}

export function PeopleSearch({ value, onChange }: PeopleSearchProps) {
  const field = useRef<HTMLInputElement>(null);
  const clear = () => {
    onChange('');
    field.current?.focus();
  };
  return (
    <TextInput
      ref={field}
      type="search"
      label="Find a person"
      placeholder="Name or e-mail"
      maw="24rem"
      maxLength={MAX_LENGTH}
      autoComplete="off"
      spellCheck={false}
      leftSection={<Search size={16} aria-hidden />}
      rightSection={value !== '' && <CloseButton size="sm" aria-label="Clear search" onClick={clear} />}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
