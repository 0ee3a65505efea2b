import { useQuery } from '@apollo/client/react';
import { Button, NativeSelect, Skeleton } from '@mantine/core';
import { useThrottledCallback } from '@mantine/hooks';
import { Hourglass } from 'lucide-react';
import { lazy, Suspense, useId, useState } from 'react';
import { useSession } from '@curfew/client/react';
import { Empty } from '../../components/empty.tsx';
import { Loadable } from '../../components/loadable.tsx';
import { Panel } from '../../components/panel.tsx';
import { SessionsEndingsDocument } from '../../generated/operations.ts';
import { HORIZONS, horizonInWords, type Hours, type Slice, summaryOf, totalOf } from './endings.ts';
import classes from './endings-panel.module.css';
import { EndingsTable } from './endings-table.tsx';
import { useNews } from './news.tsx';

/** Drawn when it is there; nobody should wait for the page because of a picture. */
const EndingsChart = lazy(async () => ({ default: (await import('./endings-chart.tsx')).EndingsChart }));

const REFRESH_EVERY_MS = 5_000;
/** As time goes on, so does the picture. */
const POLL_EVERY_MS = 60_000;

/** When live sessions will end if nobody does anything more. */
export function EndingsPanel() {
  const [hours, setHours] = useState<Hours>(12);
  const query = useQuery(SessionsEndingsDocument, {
    variables: { hours },
    pollInterval: POLL_EVERY_MS,
    skipPollAttempt: () => document.hidden,
  });
  useNews(useThrottledCallback(() => void query.refetch().catch(() => {}), REFRESH_EVERY_MS));
  // The picture of the last choice stays until the next one is there.
  const data = query.data ?? query.previousData;
  const shownHours = useShownHours(query.data !== undefined, hours);
  return (
    <Panel
      title="When live sessions will end"
      icon={<Hourglass size={20} />}
      intro="If nobody does anything more. Activity moves the end by inactivity later; the time limit stays."
      actions={
        <NativeSelect
          aria-label="How far to look ahead"
          data={HORIZONS.map((horizon) => ({ value: String(horizon.hours), label: horizon.label }))}
          value={String(hours)}
          onChange={(event) => setHours(Number(event.currentTarget.value) as Hours)}
        />
      }
    >
      <Loadable query={{ ...query, data }} lines={4}>
        {({ sessionEndings }) => <Endings slices={sessionEndings} hours={shownHours} />}
      </Loadable>
    </Panel>
  );
}

/** What the picture on the page is of: the choice, once it has been answered. */
function useShownHours(isThere: boolean, hours: Hours): Hours {
  const [shown, setShown] = useState(hours);
  if (isThere && shown !== hours) setShown(hours);
  return isThere ? hours : shown;
}

function Endings({ slices, hours }: { slices: readonly Slice[]; hours: Hours }) {
  const { watcher } = useSession();
  const tableId = useId();
  const [isTable, setTable] = useState(false);
  const isEmpty = slices.every((slice) => totalOf(slice) === 0);
  const local = slices.map((slice) => ({
    ...slice,
    from: watcher.toLocal(Date.parse(slice.startsAt)),
    to: watcher.toLocal(Date.parse(slice.endsAt)),
  }));
  return (
    <>
      <p className={classes.summary}>{summaryOf(slices, hours)}</p>
      {isEmpty ? (
        <Empty>Everybody who is signed in stays so for the next {horizonInWords(hours)}.</Empty>
      ) : (
        <>
          <Suspense fallback={<Skeleton height={230} radius="md" />}>
            <EndingsChart slices={local} />
          </Suspense>
          <Button
            variant="subtle"
            size="compact-sm"
            className={classes.toggle}
            aria-expanded={isTable}
            aria-controls={isTable ? tableId : undefined}
            onClick={() => setTable(!isTable)}
          >
            {isTable ? 'Hide the table' : 'Show as a table'}
          </Button>
          {isTable && <EndingsTable id={tableId} slices={local} />}
        </>
      )}
    </>
  );
}
