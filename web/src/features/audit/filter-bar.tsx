import { Trans, useLingui } from '@lingui/react/macro';
import { Button, NativeSelect, Select, TextInput } from '@mantine/core';
import { ACTIONS } from './actions.ts';
import type { useFilters } from './filters.ts';
import { usePeople } from './use-people.ts';
import classes from './filter-bar.module.css';

/** By whom or to whom, what, and when. */
export function FilterBar({ filters, isFiltered, change, clear }: ReturnType<typeof useFilters>) {
  const { t, i18n } = useLingui();
  const people = usePeople(filters.person);
  return (
    <div className={classes.bar} role="group" aria-label={t`Filter`}>
      <Select
        label={t`Person`}
        placeholder={t`Everyone`}
        className={classes.field}
        data={people.choices}
        value={filters.person}
        searchable
        clearable
        clearButtonProps={{ 'aria-label': t`Show everyone` }}
        nothingFoundMessage={t`No one found`}
        // The server has searched already.
        filter={({ options }) => options}
        // The page's own scrolling: an e-mail that is too long wraps instead of being cut.
        withScrollArea={false}
        classNames={{ dropdown: classes.choices }}
        onSearchChange={people.setSearch}
        onChange={(person) => change({ person })}
      />
      <NativeSelect
        label={t`Show`}
        className={classes.field}
        value={filters.show ?? ''}
        onChange={(event) => change({ show: event.currentTarget.value || null })}
        data={[
          { value: '', label: t`Everything` },
          ...ACTIONS.map(({ value, label, all, items }) => ({
            group: i18n._(label),
            items: [
              { value, label: i18n._(all) },
              ...items.map((item) => ({ value: item.value, label: i18n._(item.label) })),
            ],
          })),
        ]}
      />
      <TextInput
        type="date"
        label={t`From date`}
        className={classes.date}
        value={filters.from ?? ''}
        max={filters.to ?? undefined}
        onChange={(event) => change({ from: event.currentTarget.value || null })}
      />
      <TextInput
        type="date"
        label={t`To date`}
        className={classes.date}
        value={filters.to ?? ''}
        min={filters.from ?? undefined}
        onChange={(event) => change({ to: event.currentTarget.value || null })}
      />
      {isFiltered && (
        <Button variant="subtle" className={classes.clear} onClick={clear}>
          <Trans>Clear filters</Trans>
        </Button>
      )}
    </div>
  );
}
