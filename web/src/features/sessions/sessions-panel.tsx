import { useApolloClient } from '@apollo/client/react';
import { useDebouncedValue, useThrottledCallback } from '@mantine/hooks';
import { MonitorSmartphone } from 'lucide-react';
import { useCallback, useMemo, useRef, useState } from 'react';
import { useSession } from '@curfew/client/react';
import { Loadable } from '../../components/loadable.tsx';
import { Panel } from '../../components/panel.tsx';
import { BulkSignOut } from './bulk-sign-out.tsx';
import { people, sessions } from '../../lib/count.ts';
import { LiveMark } from './live-mark.tsx';
import { useSessionEvents, usePublishSessionEvent } from './session-events.tsx';
import { PeopleList } from './people-list.tsx';
import { PeopleSearch } from './people-search.tsx';
import { peopleSource, type Totals } from './people.ts';
import { SignOutDialog } from './sign-out-dialog.tsx';
import type { SignOutTarget } from './sign-out-messages.ts';
import { useStableList } from './use-stable-list.ts';

const SEARCH_DEBOUNCE_MS = 300;
const MIN_REFRESH_INTERVAL_MS = 1_500;

/** The people who are signed in, with buttons to sign them out. */
export function SessionsPanel() {
  const client = useApolloClient();
  const { user } = useSession();
  const publishEvent = usePublishSessionEvent();
  const [typed, setTyped] = useState('');
  const [search] = useDebouncedValue(typed.trim(), SEARCH_DEBOUNCE_MS);
  const viewerId = user!.id;
  const source = useMemo(() => peopleSource(client, { search, viewerId }), [client, search, viewerId]);
  const list = useStableList(source);
  const { reader, summary } = list;
  useSessionEvents(useThrottledCallback(() => void reader.refresh(), MIN_REFRESH_INTERVAL_MS));

  const [target, setTarget] = useState<SignOutTarget | null>(null);
  const heading = useRef<HTMLParagraphElement>(null);
  const done = useCallback(() => publishEvent(null), [publishEvent]);

  return (
    <Panel
      title="Current sessions"
      icon={<MonitorSmartphone size={20} />}
      intro={
        <p ref={heading} tabIndex={-1} style={{ margin: 0, outline: 'none' }}>
          {summary ? whoIsSignedIn(summary) : 'See who is signed in, and where.'}
        </p>
      }
      actions={<LiveMark />}
    >
      <PeopleSearch value={typed} onChange={setTyped} />
      <Loadable
        query={{ data: list.list ?? undefined, error: list.error, refetch: () => reader.refresh() }}
        lines={5}
      >
        {(shown) => (
          <PeopleList
            list={shown}
            search={search}
            matching={summary!.matching}
            isOutdated={list.isOutdated}
            isLoadingMore={list.isLoadingMore}
            onShowNew={() => reader.reload()}
            onShowMore={() => reader.showMore()}
            onClearSearch={() => setTyped('')}
            onSignOut={setTarget}
          />
        )}
      </Loadable>
      {summary && (
        <BulkSignOut
          totals={summary}
          fallbackFocus={heading}
          isAsking={target !== null}
          onSignOut={setTarget}
        />
      )}
      <SignOutDialog target={target} onDone={done} onClose={() => setTarget(null)} />
    </Panel>
  );
}

function whoIsSignedIn({ people: total, sessions: all }: Totals): string {
  if (total === 1)
    return all === 1 ? 'Only you are signed in.' : `Only you are signed in, with ${sessions(all)}.`;
  return `${people(total)} are signed in, with ${sessions(all)}.`;
}
