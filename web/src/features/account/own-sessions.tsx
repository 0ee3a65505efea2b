import { useApolloClient, useQuery } from '@apollo/client/react';
import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { Button, Stack, Text } from '@mantine/core';
import { useRef, useState } from 'react';
import { Loadable } from '../../components/loadable.tsx';
import { Panel } from '../../components/panel.tsx';
import {
  type AccountSessionFragment,
  AccountSessionsDocument,
  type AccountSessionsQuery,
} from '../../generated/account-operations.ts';
import { sessions } from '../../lib/count.ts';
import { POLL_WHILE_VISIBLE, useOnReturn } from '../../lib/use-on-return.ts';
import { type ArrangedSession, arrangeRows } from './arrange-rows.ts';
import { OwnSessionRow } from './own-session-row.tsx';
import { PasswordAdvice } from './password-advice.tsx';
import { SignOutOne } from './sign-out-one.tsx';
import { SignOutOthers } from './sign-out-others.tsx';
import classes from './own-sessions.module.css';

const FIRST = 50;
/** The largest page of the server. Beyond it, the user can still sign out everywhere else. */
const MAX_PAGE_SIZE = 100;

/** The current sessions of the user, this one first. */
export function OwnSessions({ userId }: { userId: string }) {
  const { t } = useLingui();
  const [first, setFirst] = useState(FIRST);
  const [hasEndedOne, setEndedOne] = useState(false);
  const query = useQuery(AccountSessionsDocument, {
    variables: { userId, first },
    // A cached list would mark every session since the last visit as new.
    fetchPolicy: 'network-only',
    nextFetchPolicy: 'cache-first',
    ...POLL_WHILE_VISIBLE,
  });
  const client = useApolloClient();
  const reload = () =>
    client.refetchQueries({ include: ['AccountSessions', 'AccountEndedSessions'] }).catch(() => {});
  useOnReturn(() => void reload());

  const [rows, setRows] = useState<ArrangedSession[] | null>(null);
  const [arranged, setArranged] = useState<AccountSessionsQuery | null>(null);
  if (query.data && query.data !== arranged) {
    const { edges, pageInfo } = query.data.sessions;
    setArranged(query.data);
    setRows(
      arrangeRows(
        rows,
        edges.map(({ node }) => node),
        !pageInfo.hasNextPage,
      ),
    );
  }

  const list = useRef<HTMLUListElement>(null);
  const [confirming, setConfirming] = useState<AccountSessionFragment | null>(null);
  /** Removes the rows that the user signed out and keeps the focus in the list. */
  function removeRows(isSignedOut: (session: AccountSessionFragment) => boolean) {
    setRows((rows) => rows?.filter(({ session }) => !isSignedOut(session)) ?? null);
    void reload();
    list.current?.focus();
  }

  const total = arranged?.sessions.totalCount ?? 0;
  const hasOthers = rows?.some(({ session, state }) => !session.isCurrent && state !== 'ended');
  return (
    <Panel
      title={t`Current sessions`}
      intro={arranged ? <Total count={total} /> : undefined}
      actions={
        <SignOutOthers
          userId={userId}
          count={hasOthers ? total - 1 : 0}
          onDone={() => {
            removeRows((session) => !session.isCurrent);
            setEndedOne(true);
          }}
        />
      }
    >
      <Loadable query={{ data: rows ?? undefined, error: query.error, refetch: query.refetch }} lines={4}>
        {(rows) => (
          <Stack gap="md">
            {hasEndedOne && <PasswordAdvice />}
            <ul className={classes.rows} ref={list} tabIndex={-1} aria-label={t`Your sessions`}>
              {rows.map((row) => (
                <OwnSessionRow key={row.session.id} {...row} onSignOut={() => setConfirming(row.session)} />
              ))}
            </ul>
            {arranged?.sessions.pageInfo.hasNextPage &&
              (first < MAX_PAGE_SIZE ? (
                <Button variant="default" onClick={() => setFirst(MAX_PAGE_SIZE)}>
                  <Trans>Show more</Trans>
                </Button>
              ) : (
                <Text size="sm" c="dimmed">
                  <Trans>
                    Showing the latest {MAX_PAGE_SIZE} of {total}.
                  </Trans>
                </Text>
              ))}
          </Stack>
        )}
      </Loadable>
      <SignOutOne
        session={confirming}
        onClose={() => setConfirming(null)}
        onDone={(signedOut) => {
          setConfirming(null);
          removeRows(({ id }) => id === signedOut.id);
          setEndedOne(true);
        }}
      />
    </Panel>
  );
}

/** The server counts sessions exactly up to here. */
const MAX_COUNTED = 10_000;

function Total({ count }: { count: number }) {
  if (count >= MAX_COUNTED) return <Trans>{sessions(count)}, including this one.</Trans>;
  return (
    <Plural
      value={count}
      _1="You’re signed in only here."
      one="# session, including this one."
      other="# sessions, including this one."
    />
  );
}
