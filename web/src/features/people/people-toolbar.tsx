import { useLingui } from '@lingui/react/macro';
import { CloseButton, NativeSelect, TextInput } from '@mantine/core';
import { Search } from 'lucide-react';
import { useRef } from 'react';
import type { UserStatus } from '../../generated/people-operations.ts';
import { MAX_SEARCH_LENGTH } from './people-filter.ts';
import classes from './people-toolbar.module.css';
import { statusName } from './person-words.ts';

const STATUSES: readonly UserStatus[] = ['ACTIVE', 'INVITED', 'DEACTIVATED', 'EXTERNAL'];

interface PeopleToolbarProps {
  search: string;
  status: UserStatus | null;
  onSearch(search: string): void;
  onStatus(status: UserStatus | null): void;
}

export function PeopleToolbar({ search, status, onSearch, onStatus }: PeopleToolbarProps) {
  const { t } = useLingui();
  const field = useRef<HTMLInputElement>(null);
  const clear = () => {
    onSearch('');
    field.current?.focus();
  };
  return (
    <div className={classes.toolbar} role="search">
      <TextInput
        ref={field}
        type="search"
        className={classes.search}
        label={t`Find a person`}
        placeholder={t`Name or e-mail`}
        maxLength={MAX_SEARCH_LENGTH}
        autoComplete="off"
        spellCheck={false}
        leftSection={<Search size={16} aria-hidden />}
        rightSection={search !== '' && <CloseButton size="sm" aria-label={t`Clear search`} onClick={clear} />}
        value={search}
        onChange={(event) => onSearch(event.currentTarget.value)}
      />
      <NativeSelect
        className={classes.state}
        label={t`State`}
        value={status ?? ''}
        onChange={(event) => onStatus((event.currentTarget.value || null) as UserStatus | null)}
        data={[
          { value: '', label: t`All` },
          ...STATUSES.map((value) => ({ value, label: statusName(value) })),
        ]}
      />
    </div>
  );
}
