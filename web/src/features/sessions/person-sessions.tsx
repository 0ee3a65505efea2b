import { useApolloClient } from '@apollo/client/react';
import { Trans, useLingui } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { useDocumentVisibility, useInterval, useThrottledCallback } from '@mantine/hooks';
import { useMemo, useRef } from 'react';
import { Loadable } from '../../components/loadable.tsx';
import { newSignIns, sessions } from '../../lib/count.ts';
import { deviceInWords } from '../../lib/device.ts';
import { ListBar } from './list-bar.tsx';
import { useSessionEvents } from './session-events.tsx';
import classes from './session-rows.module.css';
import type { Person } from './people.ts';
import { SelectAll } from './select-all.tsx';
import { SessionRow } from './session-row.tsx';
import { sessionsOfPerson } from './sessions-of-person.ts';
import type { SignOutTarget } from './sign-out-messages.ts';
import { useSelectableRows } from './use-selectable-rows.ts';
import type { Selection } from './use-selection.ts';
import { useStableList } from './use-stable-list.ts';
import { useRowFocus } from './use-row-focus.ts';

const MIN_REFRESH_INTERVAL_MS = 1_500;
/** Activity moves deadlines without an event. */
const ACTIVITY_REFRESH_MS = 60_000;

interface PersonSessionsProps {
  person: Person;
  selection: Selection;
  onSignOut(target: SignOutTarget): void;
}

/** The current sessions of one person, loaded when the row opens. */
export function PersonSessions({ person, selection, onSignOut }: PersonSessionsProps) {
  const { t } = useLingui();
  const client = useApolloClient();
  const { userId, name } = person;
  const list = useStableList(useMemo(() => sessionsOfPerson(client, userId), [client, userId]));
  const { reader, isLoadingMore, summary } = list;
  const element = useRef<HTMLUListElement>(null);

  const refresh = useThrottledCallback(() => void reader.refresh(), MIN_REFRESH_INTERVAL_MS);
  useSessionEvents((event) => {
    if (event !== null && event.session.user.id !== userId) return;
    if (event?.kind === 'ENDED' || event?.kind === 'CHANGED') reader.replace(event.session);
    else refresh();
  });
  const visibility = useDocumentVisibility();
  useInterval(() => visibility === 'visible' && refresh(), ACTIVITY_REFRESH_MS, { autoInvoke: true });

  const live = (list.list?.rows ?? []).filter(({ item, isGone }) => !isGone && item.endedAt === null);
  const selectable = live.map(({ item }) => ({ session: item, person }));
  useSelectableRows(
    live.map(({ item }) => item.id),
    selection,
  );

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
      {({ rows, newItems, hasMore }) => (
        <>
          <ListBar
            text={summary === 0 ? t`All sessions have ended` : t`${sessions(summary!)}, latest sign-in first`}
            newText={newSignIns(newItems)}
            newItems={newItems}
            onShow={() => void showNew()}
          >
            {selectable.length > 1 && (
              <SelectAll
                shown={selectable}
                selection={selection}
                label={t`Select all ${selectable.length} shown sessions of ${name}`}
              />
            )}
          </ListBar>
          <ul ref={element} className={classes.sessions} aria-label={t`Sessions of ${name}`}>
            {rows.map(({ item, isGone }) => (
              <SessionRow
                key={item.id}
                session={item}
                isEnded={isGone || item.endedAt !== null}
                actions={{
                  what: deviceInWords(item.device),
                  isSelected: selection.has(item.id),
                  onSelect: (isSelected) =>
                    isSelected ? selection.add([{ session: item, person }]) : selection.drop([item.id]),
                  onSignOut: () => onSignOut({ kind: 'session', session: item, person }),
                }}
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
              {isLoadingMore ? (
                <Trans>Loading…</Trans>
              ) : (
                t`Show more (${rows.length} of ${sessions(summary!)})`
              )}
            </Button>
          )}
        </>
      )}
    </Loadable>
  );
}
