import { Button } from '@mantine/core';
import { useRef, useState } from 'react';
import { Empty } from '../../components/empty.tsx';
import { people } from '../../lib/count.ts';
import { ListBar } from './list-bar.tsx';
import classes from './people-list.module.css';
import { PersonRow } from './person-row.tsx';
import type { Person } from './people.ts';
import type { SignOutTarget } from './sign-out-messages.ts';
import type { StableList } from './stable-list.ts';
import { useRowFocus } from './use-row-focus.ts';

interface PeopleListProps {
  list: StableList<Person>;
  search: string;
  /** Number of people that the search finds. */
  matching: number;
  isOutdated: boolean;
  isLoadingMore: boolean;
  onShowNew(): Promise<void>;
  onShowMore(): Promise<void>;
  onClearSearch(): void;
  onSignOut(target: SignOutTarget): void;
}

export function PeopleList(props: PeopleListProps) {
  const { list, search, matching, isOutdated, isLoadingMore, onSignOut } = props;
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

  return (
    <div className={classes.list} aria-busy={isOutdated}>
      <ListBar
        text={describe(search, matching, isOutdated)}
        newItems={list.newItems}
        onShow={() => void showNew()}
      />
      {list.rows.length === 0 ? (
        <Empty>
          <p className={classes.none}>No one who is signed in matches “{search}”.</p>
          <Button size="xs" variant="default" onClick={props.onClearSearch}>
            Show everyone
          </Button>
        </Empty>
      ) : (
        <ul ref={element} className={classes.rows}>
          {list.rows.map(({ item, isGone }) => (
            <PersonRow
              key={item.userId}
              person={item}
              isGone={isGone}
              isOpen={open.has(item.userId)}
              onToggle={() => toggle(item.userId)}
              onSignOut={onSignOut}
            />
          ))}
        </ul>
      )}
      {list.hasMore && (
        <Button
          variant="default"
          size="sm"
          mt="md"
          aria-disabled={isLoadingMore}
          onClick={() => void showMore()}
        >
          {isLoadingMore ? 'Loading…' : `Show more (${list.rows.length} of ${matching})`}
        </Button>
      )}
    </div>
  );
}

function describe(search: string, matching: number, isOutdated: boolean): string {
  if (isOutdated) return 'Searching…';
  if (search === '') return 'Latest sign-in first';
  return `${people(matching)} ${matching === 1 ? 'matches' : 'match'} “${search}”`;
}
