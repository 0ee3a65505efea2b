import { useQuery } from '@apollo/client/react';
import { Trans, useLingui } from '@lingui/react/macro';
import { Button, NativeSelect, Skeleton } from '@mantine/core';
import { useThrottledCallback } from '@mantine/hooks';
import { Hourglass } from 'lucide-react';
import { lazy, Suspense, useId, useState } from 'react';
import { useSession } from '@curfew/client/react';
import { Empty } from '../../components/empty.tsx';
import { Loadable } from '../../components/loadable.tsx';
import { Panel } from '../../components/panel.tsx';
import { SessionsExpiryForecastDocument } from '../../generated/sessions-operations.ts';
import {
  PERIODS,
  periodInWords,
  type PeriodHours,
  type ForecastSlice,
  summaryOf,
  totalOf,
} from './expiry-forecast.ts';
import classes from './expiry-forecast-panel.module.css';
import { ExpiryForecastTable } from './expiry-forecast-table.tsx';
import { useSessionEvents } from './session-events.tsx';

/** Loaded on its own, so that the page does not wait for the chart. */
const ExpiryForecastChart = lazy(async () => ({
  default: (await import('./expiry-forecast-chart.tsx')).ExpiryForecastChart,
}));

const MIN_REFRESH_INTERVAL_MS = 5_000;
/** The forecast moves with the clock, even when no session changes. */
const POLL_INTERVAL_MS = 60_000;

/** Forecasts when current sessions end if there is no further activity. For owners. */
export function ExpiryForecastPanel() {
  const { t } = useLingui();
  const [hours, setHours] = useState<PeriodHours>(12);
  const query = useQuery(SessionsExpiryForecastDocument, {
    variables: { hours },
    pollInterval: POLL_INTERVAL_MS,
    skipPollAttempt: () => document.hidden,
  });
  useSessionEvents(useThrottledCallback(() => void query.refetch().catch(() => {}), MIN_REFRESH_INTERVAL_MS));
  // The chart of the last period stays until the next one has loaded.
  const data = query.data ?? query.previousData;
  const shownHours = useShownPeriod(query.data !== undefined, hours);
  return (
    <Panel
      title={t`When current sessions will end`}
      icon={<Hourglass size={20} />}
      intro={
        <Trans>If there is no further activity. Activity extends the idle limit, not the absolute one.</Trans>
      }
      actions={
        <NativeSelect
          aria-label={t`Period`}
          data={PERIODS.map((period) => ({ value: String(period), label: periodInWords(period) }))}
          value={String(hours)}
          onChange={(event) => setHours(Number(event.currentTarget.value) as PeriodHours)}
        />
      }
    >
      <Loadable query={{ ...query, data }} lines={4}>
        {({ sessionExpiryForecast }) => <ExpiryForecast slices={sessionExpiryForecast} hours={shownHours} />}
      </Loadable>
    </Panel>
  );
}

/** The period that the chart shows: the chosen one once its data has loaded, the last one until then. */
function useShownPeriod(isThere: boolean, hours: PeriodHours): PeriodHours {
  const [shown, setShown] = useState(hours);
  if (isThere && shown !== hours) setShown(hours);
  return isThere ? hours : shown;
}

function ExpiryForecast({ slices, hours }: { slices: readonly ForecastSlice[]; hours: PeriodHours }) {
  const { watcher } = useSession();
  const tableId = useId();
  const period = periodInWords(hours);
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
        <Empty>
          <Trans>Every current session lasts longer than {period}.</Trans>
        </Empty>
      ) : (
        <>
          <Suspense fallback={<Skeleton height={230} radius="md" />}>
            <ExpiryForecastChart slices={local} />
          </Suspense>
          <Button
            variant="subtle"
            size="compact-sm"
            className={classes.toggle}
            aria-expanded={isTable}
            aria-controls={isTable ? tableId : undefined}
            onClick={() => setTable(!isTable)}
          >
            {isTable ? <Trans>Hide table</Trans> : <Trans>Show as table</Trans>}
          </Button>
          {isTable && <ExpiryForecastTable id={tableId} slices={local} />}
        </>
      )}
    </>
  );
}
