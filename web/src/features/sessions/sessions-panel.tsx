import { useApolloClient } from '@apollo/client/react';
import { t as translate } from '@lingui/core/macro';
import { useLingui } from '@lingui/react/macro';
import { useThrottledCallback } from '@mantine/hooks';
import { MonitorSmartphone } from 'lucide-react';
import { useCallback, useMemo, useRef, useState } from 'react';
import { useSession } from '@curfew/client/react';
import { Loadable } from '../../components/loadable.tsx';
import { Panel } from '../../components/panel.tsx';
import { BulkSignOut } from './bulk-sign-out.tsx';
import { people, sessions } from '../../lib/count.ts';
import { FoundList } from './found-list.tsx';
import { LiveMark } from './live-mark.tsx';
import { useSessionEvents, usePublishSessionEvent } from './session-events.tsx';
import { PeopleList } from './people-list.tsx';
import { peopleSource, type Totals } from './people.ts';
import { SessionSearch } from './session-search.tsx';
import { stepThroughRows } from './row-steps.ts';
import classes from './sessions-panel.module.css';
import { SignOutDialog } from './sign-out-dialog.tsx';
import type { SignOutTarget } from './sign-out-messages.ts';
import { SignOutSelected } from './sign-out-selected.tsx';
import { useSelection } from './use-selection.ts';
import type { SessionListAddress } from './use-session-list-address.ts';
import { useStableList } from './use-stable-list.ts';

const MIN_REFRESH_INTERVAL_MS = 1_500;

/** The people who are signed in, or the sessions that a search finds, with buttons to sign them out. */
export function SessionsPanel({ typed, search, type }: SessionListAddress) {
  const { t } = useLingui();
  const client = useApolloClient();
  const { user } = useSession();
  const publishEvent = usePublishSessionEvent();
  const viewerId = user!.id;
  const list = useStableList(useMemo(() => peopleSource(client, { viewerId }), [client, viewerId]));
  const { reader, summary } = list;
  useSessionEvents(useThrottledCallback(() => void reader.refresh(), MIN_REFRESH_INTERVAL_MS));

  const selection = useSelection();
  const [target, setTarget] = useState<SignOutTarget | null>(null);
  const heading = useRef<HTMLParagraphElement>(null);
  const { clear } = selection;
  const done = useCallback(
    (ended: SignOutTarget) => {
      if (ended.kind === 'selected') clear();
      publishEvent(null);
    },
    [publishEvent, clear],
  );

  return (
    <Panel
      title={t`Current sessions`}
      icon={<MonitorSmartphone size={20} />}
      intro={
        <p ref={heading} tabIndex={-1} style={{ margin: 0, outline: 'none' }}>
          {summary ? whoIsSignedIn(summary) : t`See who is signed in, and where.`}
        </p>
      }
      actions={<LiveMark />}
    >
      <div onKeyDown={stepThroughRows}>
        <div className={classes.top}>
          <SessionSearch value={typed} onChange={type} />
          {/* Above the list: by keyboard, everything in a long list comes before what stands below it. */}
          {summary && (
            <BulkSignOut
              totals={summary}
              fallbackFocus={heading}
              isAsking={target !== null}
              onSignOut={setTarget}
            />
          )}
        </div>
        <SignOutSelected
          selection={selection}
          isOfPeople={search === ''}
          fallbackFocus={heading}
          onSignOut={setTarget}
        />
        {search === '' ? (
          <Loadable
            query={{ data: list.list ?? undefined, error: list.error, refetch: () => reader.refresh() }}
            lines={5}
          >
            {(shown) => (
              <PeopleList
                list={shown}
                total={summary!.people}
                isLoadingMore={list.isLoadingMore}
                selection={selection}
                onShowNew={() => reader.reload()}
                onShowMore={() => reader.showMore()}
                onSignOut={setTarget}
              />
            )}
          </Loadable>
        ) : (
          <FoundList
            search={search}
            status="ACTIVE"
            viewerId={viewerId}
            signOut={{ selection, ask: setTarget }}
            onClearSearch={() => type('')}
          />
        )}
      </div>
      <SignOutDialog target={target} onDone={done} onClose={() => setTarget(null)} />
    </Panel>
  );
}

function whoIsSignedIn({ people: total, sessions: all }: Totals): string {
  const count = sessions(all);
  if (total === 1)
    return all === 1 ? translate`Only you are signed in.` : translate`Only you are signed in, with ${count}.`;
  const everyone = people(total);
  return translate`${everyone} are signed in, with ${count}.`;
}
