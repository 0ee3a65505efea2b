import { useApolloClient, useQuery } from '@apollo/client/react';
import { Button, Stack, Text } from '@mantine/core';
import { useRef, useState } from 'react';
import { Loadable } from '../../components/loadable.tsx';
import { Panel } from '../../components/panel.tsx';
import {
  type AccountSessionFragment,
  AccountSessionsDocument,
  type AccountSessionsQuery,
} from '../../generated/operations.ts';
import { LIVE_ENOUGH, useOnReturn } from '../../lib/on-return.ts';
import { arrange, type Row } from './arrange.ts';
import { SessionRow } from './session-row.tsx';
import { SignOutOne } from './sign-out-one.tsx';
import { SignOutOthers } from './sign-out-others.tsx';
import classes from './own-sessions.module.css';

const FIRST = 50;
/** The server gives no larger page; who has more sessions than this signs out everywhere else. */
const MOST = 100;

/** Where somebody is signed in, this session first. */
export function OwnSessions({ userId }: { userId: string }) {
  const [first, setFirst] = useState(FIRST);
  const query = useQuery(AccountSessionsDocument, {
    variables: { userId, first },
    // A list of an earlier visit would make everything since look as if it happened under one's eyes.
    fetchPolicy: 'network-only',
    nextFetchPolicy: 'cache-first',
    ...LIVE_ENOUGH,
  });
  const client = useApolloClient();
  const reload = () =>
    client.refetchQueries({ include: ['AccountSessions', 'AccountEndedSessions'] }).catch(() => {});
  useOnReturn(() => void reload());

  const [rows, setRows] = useState<Row[] | null>(null);
  const [arranged, setArranged] = useState<AccountSessionsQuery | null>(null);
  if (query.data && query.data !== arranged) {
    const { edges, pageInfo } = query.data.sessions;
    setArranged(query.data);
    setRows(
      arrange(
        rows,
        edges.map(({ node }) => node),
        !pageInfo.hasNextPage,
      ),
    );
  }

  const list = useRef<HTMLUListElement>(null);
  const [asked, setAsked] = useState<AccountSessionFragment | null>(null);
  /** What somebody has signed out themselves goes at once; the focus stays in the list. */
  function drop(isOver: (session: AccountSessionFragment) => boolean) {
    setRows((rows) => rows?.filter(({ session }) => !isOver(session)) ?? null);
    void reload();
    list.current?.focus();
  }

  const total = arranged?.sessions.totalCount ?? 0;
  const hasOthers = rows?.some(({ session, state }) => !session.isCurrent && state !== 'gone');
  return (
    <Panel
      title="Signed in now"
      intro={arranged ? inPlaces(total) : undefined}
      actions={
        <SignOutOthers
          userId={userId}
          count={hasOthers ? total - 1 : 0}
          onDone={() => drop((session) => !session.isCurrent)}
        />
      }
    >
      <Loadable query={{ data: rows ?? undefined, error: query.error, refetch: query.refetch }} lines={4}>
        {(rows) => (
          <Stack gap="md">
            <ul className={classes.rows} ref={list} tabIndex={-1} aria-label="Your sessions">
              {rows.map((row) => (
                <SessionRow key={row.session.id} {...row} onSignOut={() => setAsked(row.session)} />
              ))}
            </ul>
            {arranged?.sessions.pageInfo.hasNextPage &&
              (first < MOST ? (
                <Button variant="default" onClick={() => setFirst(MOST)}>
                  Show more
                </Button>
              ) : (
                <Text size="sm" c="dimmed">
                  The latest {MOST} of {total} are shown.
                </Text>
              ))}
          </Stack>
        )}
      </Loadable>
      <SignOutOne
        session={asked}
        onClose={() => setAsked(null)}
        onDone={(over) => {
          setAsked(null);
          drop(({ id }) => id === over.id);
        }}
      />
    </Panel>
  );
}

const inPlaces = (count: number): string =>
  count === 1 ? 'Here, and nowhere else.' : `In ${count} places, this one included.`;
