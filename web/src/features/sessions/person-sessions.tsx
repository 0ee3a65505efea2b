import { useApolloClient } from '@apollo/client/react';
import { Button } from '@mantine/core';
import { useDocumentVisibility, useInterval, useThrottledCallback } from '@mantine/hooks';
import { useMemo, useRef } from 'react';
import { Loadable } from '../../components/loadable.tsx';
import { sessions } from './counting.ts';
import { ListBar } from './list-bar.tsx';
import { useNews } from './news.tsx';
import classes from './person-sessions.module.css';
import type { Person } from './people.ts';
import { SessionRow } from './session-row.tsx';
import { sessionsOfPerson } from './sessions-of-person.ts';
import type { SignOut } from './sign-out-words.ts';
import { useList } from './use-list.ts';
import { useRowFocus } from './use-row-focus.ts';

const REFRESH_EVERY_MS = 1_500;
/** Activity moves deadlines and is no news. */
const ACTIVITY_EVERY_MS = 60_000;

interface PersonSessionsProps {
  person: Person;
  onSignOut(signOut: SignOut): void;
}

/** Where somebody is signed in; loaded when it is opened. */
export function PersonSessions({ person, onSignOut }: PersonSessionsProps) {
  const client = useApolloClient();
  const { userId, name } = person;
  const list = useList(useMemo(() => sessionsOfPerson(client, userId), [client, userId]));
  const { reader, isLoadingMore, summary } = list;
  const element = useRef<HTMLUListElement>(null);

  const refresh = useThrottledCallback(() => void reader.refresh(), REFRESH_EVERY_MS);
  useNews((news) => {
    if (news !== null && news.session.user.id !== userId) return;
    if (news?.kind === 'ENDED' || news?.kind === 'CHANGED') reader.replace(news.session);
    else refresh();
  });
  const visibility = useDocumentVisibility();
  useInterval(() => visibility === 'visible' && refresh(), ACTIVITY_EVERY_MS, { autoInvoke: true });

  const focusRow = useRowFocus(element, 'button');
  const showMore = async () => {
    const shown = list.list!.rows.length;
    await reader.showMore();
    focusRow(shown);
  };
  const showNew = async () => {
    await reader.reload();
    focusRow(0);
  };

  return (
    <Loadable
      query={{ data: list.list ?? undefined, error: list.error, refetch: () => reader.refresh() }}
      lines={Math.min(person.sessionCount, 3)}
    >
      {({ rows, arrivals, hasMore }) => (
        <>
          <ListBar
            text={summary === 0 ? 'No session is left' : `${sessions(summary!)}, latest sign-in first`}
            arrivals={arrivals}
            onShow={() => void showNew()}
          />
          <ul ref={element} className={classes.sessions} aria-label={`Sessions of ${name}`}>
            {rows.map(({ item, isGone }) => (
              <SessionRow
                key={item.id}
                session={item}
                isOver={isGone || item.endedAt !== null}
                onSignOut={() => onSignOut({ kind: 'session', session: item, person })}
              />
            ))}
          </ul>
          {hasMore && (
            <Button
              variant="default"
              size="xs"
              mt="sm"
              aria-disabled={isLoadingMore}
              onClick={() => void showMore()}
            >
              {isLoadingMore ? 'Loading' : `Show more (${rows.length} of ${sessions(summary!)})`}
            </Button>
          )}
        </>
      )}
    </Loadable>
  );
}
