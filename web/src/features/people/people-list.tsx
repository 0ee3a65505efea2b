import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { Empty } from '../../components/empty.tsx';
import classes from './people-list.module.css';
import type { PersonAction } from './person-actions.ts';
import { PersonRow } from './person-row.tsx';
import type { Person, PersonRow as Row } from './person-rows.ts';

/** The server counts people exactly up to here. */
const MAX_COUNTED = 10_000;

interface PeopleListProps {
  rows: readonly Row[];
  totalCount: number;
  hasMore: boolean;
  /** There are people who are not shown yet. */
  hasChanged: boolean;
  isOutdated: boolean;
  isLoadingMore: boolean;
  isFiltered: boolean;
  viewerId: string;
  onShowMore(): Promise<void>;
  onShowAll(): Promise<void>;
  onClearFilter(): void;
  onAction(action: PersonAction, person: Person): void;
}

export function PeopleList(props: PeopleListProps) {
  const { rows, totalCount, hasMore, hasChanged, isOutdated, isLoadingMore, isFiltered } = props;
  const { t, i18n } = useLingui();
  const list = useRef<HTMLUListElement>(null);
  const shown = rows.length;
  const shownCount = i18n.number(shown);
  const total = i18n.number(totalCount);

  const [focusAt, setFocusAt] = useState<number | null>(null);

  /** The button moves down or disappears: reading continues at the first of the new rows. */
  async function thenFocus(action: () => Promise<void>, index: number): Promise<void> {
    await action();
    setFocusAt(index);
  }

  // The rows were set before, so they are there by now.
  useEffect(() => {
    if (focusAt === null) return;
    list.current?.children[focusAt]?.querySelector<HTMLElement>('button[data-row]')?.focus();
    setFocusAt(null);
  }, [focusAt]);

  return (
    <div aria-busy={isOutdated} className={classes.list}>
      {/* Has a fixed height, so that an offer moves nothing below it. */}
      <div className={classes.bar}>
        <span role="status">
          {isOutdated ? (
            <Trans>Searching…</Trans>
          ) : totalCount < MAX_COUNTED ? (
            <Plural value={totalCount} one="# person" other="# people" />
          ) : (
            <Trans>{total} or more people</Trans>
          )}
        </span>
        {hasChanged && !isOutdated && (
          <Button size="compact-sm" variant="light" onClick={() => void thenFocus(props.onShowAll, 0)}>
            <Trans>Others were added. Show</Trans>
          </Button>
        )}
      </div>
      {shown === 0 ? (
        <Empty>
          <p className={classes.none}>
            <Trans>No one matches.</Trans>
          </p>
          {isFiltered && (
            <Button size="xs" variant="default" onClick={props.onClearFilter}>
              <Trans>Show everyone</Trans>
            </Button>
          )}
        </Empty>
      ) : (
        <ul ref={list} className={classes.rows} aria-label={t`People`}>
          {rows.map((row) => (
            <PersonRow
              key={row.person.id}
              row={row}
              isViewer={row.person.id === props.viewerId}
              onAction={props.onAction}
            />
          ))}
        </ul>
      )}
      {hasMore && (
        <Button
          variant="default"
          size="sm"
          mt="md"
          aria-disabled={isLoadingMore}
          onClick={() => void thenFocus(props.onShowMore, shown)}
        >
          {isLoadingMore ? (
            <Trans>Loading…</Trans>
          ) : (
            <Trans>
              Show more ({shownCount} of {total})
            </Trans>
          )}
        </Button>
      )}
    </div>
  );
}
