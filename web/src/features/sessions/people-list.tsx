import { Trans, useLingui } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { useRef, useState } from 'react';
import { newSignIns } from '../../lib/count.ts';
import { ListBar } from './list-bar.tsx';
import classes from './people-list.module.css';
import { PersonRow } from './person-row.tsx';
import type { Person } from './people.ts';
import type { SignOutTarget } from './sign-out-messages.ts';
import type { StableList } from './stable-list.ts';
import { useRowFocus } from './use-row-focus.ts';
import type { Selection } from './use-selection.ts';

interface PeopleListProps {
  list: StableList<Person>;
  /** Number of people with a current session. */
  total: number;
  isLoadingMore: boolean;
  selection: Selection;
  onShowNew(): Promise<void>;
  onShowMore(): Promise<void>;
  onSignOut(target: SignOutTarget): void;
}

export function PeopleList(props: PeopleListProps) {
  const { list, total, isLoadingMore, selection, onSignOut } = props;
  const { t, i18n } = useLingui();
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const element = useRef<HTMLUListElement>(null);
  const toggle = (userId: string) =>
    setOpen((all) => new Set(all.has(userId) ? [...all].filter((id) => id !== userId) : [...all, userId]));

  const focusRow = useRowFocus(element, '[aria-expanded]');
  const showMore = async () => {
    const shown = list.rows.length;
    await props.onShowMore();
    focusRow(shown);
  };
  const showNew = async () => {
    await props.onShowNew();
    focusRow(0);
  };
  const [shownCount, totalCount] = [i18n.number(list.rows.length), i18n.number(total)];

  return (
    <div className={classes.list}>
      <ListBar
        text={t`Latest sign-in first`}
        newItems={list.newItems}
        newText={`${newSignIns(list.newItems)}.`}
        onShow={() => void showNew()}
      />
      <ul ref={element} className={classes.rows}>
        {list.rows.map(({ item, isGone }) => (
          <PersonRow
            key={item.userId}
            person={item}
            isGone={isGone}
            isOpen={open.has(item.userId)}
            selection={selection}
            onToggle={() => toggle(item.userId)}
            onSignOut={onSignOut}
          />
        ))}
      </ul>
      {list.hasMore && (
        <Button
          variant="default"
          size="sm"
          mt="md"
          aria-disabled={isLoadingMore}
          onClick={() => void showMore()}
        >
          {isLoadingMore ? <Trans>Loading…</Trans> : t`Show more (${shownCount} of ${totalCount})`}
        </Button>
      )}
    </div>
  );
}
