import { useApolloClient } from '@apollo/client/react';
import { Trans, useLingui } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { useDocumentVisibility, useInterval, useThrottledCallback } from '@mantine/hooks';
import { useMemo, useRef } from 'react';
import { Empty } from '../../components/empty.tsx';
import { Loadable } from '../../components/loadable.tsx';
import type { SessionStatus } from '../../generated/sessions-operations.ts';
import { sessions } from '../../lib/count.ts';
import { deviceInWords } from '../../lib/device.ts';
import { endedSince, matches, noMatch, startedSince } from './found-messages.ts';
import { type FoundSession, foundSessions } from './found-sessions.ts';
import { ListBar } from './list-bar.tsx';
import { SelectAll } from './select-all.tsx';
import { useSessionEvents } from './session-events.tsx';
import { SessionRow } from './session-row.tsx';
import classes from './session-rows.module.css';
import type { SelectedSession, SignOutTarget } from './sign-out-messages.ts';
import { useRowFocus } from './use-row-focus.ts';
import { useSelectableRows } from './use-selectable-rows.ts';
import { NO_SELECTION, type Selection } from './use-selection.ts';
import { useStableList } from './use-stable-list.ts';

const MIN_REFRESH_INTERVAL_MS = 1_500;
/** Activity moves deadlines without an event. */
const ACTIVITY_REFRESH_MS = 60_000;

interface FoundListProps {
  /** Empty: all of them. */
  search: string;
  status: SessionStatus;
  viewerId: string;
  /** Absent for ended sessions. */
  signOut?: { selection: Selection; ask(target: SignOutTarget): void };
  onClearSearch(): void;
}

/** The sessions of the account that a search finds, each with its user. */
export function FoundList({ search, status, viewerId, signOut, onClearSearch }: FoundListProps) {
  const { t, i18n } = useLingui();
  const client = useApolloClient();
  const list = useStableList(
    useMemo(() => foundSessions(client, { status, search }), [client, status, search]),
  );
  const { reader, isLoadingMore, isOutdated, summary } = list;
  const element = useRef<HTMLUListElement>(null);

  const refresh = useThrottledCallback(() => void reader.refresh(), MIN_REFRESH_INTERVAL_MS);
  useSessionEvents((event) => {
    const row = event?.kind === 'ENDED' && list.list?.rows.find(({ item }) => item.id === event.session.id);
    if (row) reader.replace({ ...row.item, ...event.session, user: row.item.user });
    refresh();
  });
  const visibility = useDocumentVisibility();
  useInterval(() => visibility === 'visible' && refresh(), ACTIVITY_REFRESH_MS, { autoInvoke: true });

  const toSelected = (session: FoundSession): SelectedSession => {
    const { id, name } = session.user;
    return { session, person: { userId: id, name, isViewer: id === viewerId } };
  };
  const isEnded = ({ item, isGone }: { item: FoundSession; isGone: boolean }) =>
    isGone || item.endedAt !== null;
  const selectable = (list.list?.rows ?? [])
    .filter((row) => !isEnded(row))
    .map(({ item }) => toSelected(item));
  const { selection = NO_SELECTION, ask } = signOut ?? {};
  useSelectableRows(
    selectable.map(({ session }) => session.id),
    selection,
  );

  const focusRow = useRowFocus(element, 'button, [tabindex]');
  const showMore = async () => {
    const shown = list.list!.rows.length;
    await reader.showMore();
    focusRow(shown);
  };
  const showNew = async () => {
    await reader.reload();
    focusRow(0);
  };
  const describe = (total: number): string => {
    if (isOutdated) return t`Searching…`;
    if (search !== '') return matches(total, search);
    const count = sessions(total);
    return t`${count}, latest end first`;
  };

  return (
    <Loadable
      query={{ data: list.list ?? undefined, error: list.error, refetch: () => reader.refresh() }}
      lines={5}
    >
      {({ rows, newItems, hasMore }) => {
        const [shownCount, totalCount] = [i18n.number(rows.length), sessions(summary!)];
        return (
          <div aria-busy={isOutdated} className={classes.found}>
            <ListBar
              text={describe(summary!)}
              newItems={newItems}
              newText={status === 'ENDED' ? endedSince(newItems) : startedSince(newItems)}
              onShow={() => void showNew()}
            >
              {ask && rows.length > 0 && <SelectAll shown={selectable} selection={selection} />}
            </ListBar>
            {rows.length === 0 ? (
              <Empty>
                <p className={classes.none}>{noMatch(status, search)}</p>
                {search !== '' && (
                  <Button size="xs" variant="default" onClick={onClearSearch}>
                    <Trans>Show everyone</Trans>
                  </Button>
                )}
              </Empty>
            ) : (
              <ul
                ref={element}
                className={classes.sessions}
                aria-label={status === 'ENDED' ? t`Ended sessions` : t`Sessions found`}
              >
                {rows.map((row) => {
                  const { item } = row;
                  const [device, { name }] = [deviceInWords(item.device), item.user];
                  return (
                    <SessionRow
                      key={item.id}
                      session={item}
                      user={{ ...item.user, isViewer: item.user.id === viewerId }}
                      isEnded={isEnded(row)}
                      actions={
                        ask && {
                          what: t`${device} of ${name}`,
                          isSelected: selection.has(item.id),
                          onSelect: (isSelected) =>
                            isSelected ? selection.add([toSelected(item)]) : selection.drop([item.id]),
                          onSignOut: () => ask({ kind: 'session', ...toSelected(item) }),
                        }
                      }
                    />
                  );
                })}
              </ul>
            )}
            {hasMore && (
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
      }}
    </Loadable>
  );
}
