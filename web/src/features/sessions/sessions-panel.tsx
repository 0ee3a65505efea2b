import { useApolloClient } from '@apollo/client/react';
import { useDebouncedValue, useThrottledCallback } from '@mantine/hooks';
import { MonitorSmartphone } from 'lucide-react';
import { useCallback, useMemo, useRef, useState } from 'react';
import { useSession } from '@curfew/client/react';
import { Loadable } from '../../components/loadable.tsx';
import { Panel } from '../../components/panel.tsx';
import { BulkSignOut } from './bulk-sign-out.tsx';
import { people, sessions } from './counting.ts';
import { LiveMark } from './live-mark.tsx';
import { useNews, useTellNews } from './news.tsx';
import { PeopleList } from './people-list.tsx';
import { PeopleSearch } from './people-search.tsx';
import { peopleSource, type Totals } from './people.ts';
import { SignOutDialog } from './sign-out-dialog.tsx';
import type { SignOut } from './sign-out-words.ts';
import { useList } from './use-list.ts';

const SEARCH_AFTER_MS = 300;
const REFRESH_EVERY_MS = 1_500;

/** Who is signed in, and the ways to sign them out. */
export function SessionsPanel() {
  const client = useApolloClient();
  const { user } = useSession();
  const tellNews = useTellNews();
  const [typed, setTyped] = useState('');
  const [search] = useDebouncedValue(typed.trim(), SEARCH_AFTER_MS);
  const viewerId = user!.id;
  const source = useMemo(() => peopleSource(client, { search, viewerId }), [client, search, viewerId]);
  const list = useList(source);
  const { reader, summary } = list;
  useNews(useThrottledCallback(() => void reader.refresh(), REFRESH_EVERY_MS));

  const [asked, setAsked] = useState<SignOut | null>(null);
  const heading = useRef<HTMLParagraphElement>(null);
  const done = useCallback(() => tellNews(null), [tellNews]);

  return (
    <Panel
      title="Active sessions"
      icon={<MonitorSmartphone size={20} />}
      intro={
        <p ref={heading} tabIndex={-1} style={{ margin: 0, outline: 'none' }}>
          {summary ? whoIsSignedIn(summary) : 'Who is signed in, and where.'}
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
            onForget={() => setTyped('')}
            onSignOut={setAsked}
          />
        )}
      </Loadable>
      {summary && (
        <BulkSignOut totals={summary} heir={heading} isAsking={asked !== null} onSignOut={setAsked} />
      )}
      <SignOutDialog signOut={asked} onDone={done} onClose={() => setAsked(null)} />
    </Panel>
  );
}

function whoIsSignedIn({ people: everybody, sessions: all }: Totals): string {
  if (everybody === 1)
    return all === 1 ? 'Only you are signed in.' : `Only you are signed in, in ${sessions(all)}.`;
  return `${people(everybody)} are signed in, in ${sessions(all)}.`;
}
