import { useApolloClient, useQuery } from '@apollo/client/react';
import { Trans, useLingui } from '@lingui/react/macro';
import { CloseButton } from '@mantine/core';
import { CircleCheck, CircleX, Hourglass, TriangleAlert } from 'lucide-react';
import { useEffect } from 'react';
import { At } from '../../components/moment.tsx';
import { Notice, type Tone } from '../../components/notice.tsx';
import { EventTestDeliveriesDocument } from '../../generated/events-operations.ts';
import { POLL_WHILE_VISIBLE } from '../../lib/use-on-return.ts';
import { errorInWords } from './error-words.ts';
import classes from './test-event.module.css';
import type { Stream } from './stream-words.ts';
import { testResult, type TestResult } from './test-result.ts';

/** The first attempts follow each other within seconds. */
const POLL_MS = 1_000;
/** Later ones do not, and an owner or a receiver takes their time. */
const SLOW_POLL_MS = 5_000;
const QUICK_ATTEMPTS = 3;

interface TestEventProps {
  stream: Stream;
  deliveryId: string;
  onClose(): void;
}

/** Follows a test event until it has arrived or was given up. */
export function TestEvent({ stream, deliveryId, onClose }: TestEventProps) {
  const { t } = useLingui();
  const client = useApolloClient();
  const { data, stopPolling, startPolling } = useQuery(EventTestDeliveriesDocument, {
    variables: { streamId: stream.id },
    ...POLL_WHILE_VISIBLE,
    pollInterval: POLL_MS,
    fetchPolicy: 'network-only',
  });
  const delivery = data?.eventDeliveries.edges.find(({ node }) => node.id === deliveryId)?.node ?? null;
  const result = testResult(stream, delivery);
  const isSettled = result === 'arrived' || result === 'given-up';
  const isSlow =
    (delivery?.attempts ?? 0) >= QUICK_ATTEMPTS || result === 'held' || result === 'to-be-fetched';

  useEffect(() => {
    if (isSettled) stopPolling();
    else if (isSlow) startPolling(SLOW_POLL_MS);
  }, [isSettled, isSlow, stopPolling, startPolling]);
  // The row says when something last arrived, and since when nothing has.
  useEffect(() => {
    if (result !== 'on-its-way') void client.refetchQueries({ include: ['EventStreams'] });
  }, [result, client]);

  const Icon = ICONS[result];
  return (
    <Notice tone={TONES[result]} role="status" icon={<Icon size={18} />}>
      <div className={classes.result}>
        <span>
          <ResultText
            result={result}
            lastError={delivery?.lastError}
            nextAttemptAt={delivery?.nextAttemptAt}
          />
        </span>
        <CloseButton size="sm" className={classes.close} aria-label={t`Close`} onClick={onClose} />
      </div>
    </Notice>
  );
}

const TONES: Record<TestResult, Tone> = {
  'on-its-way': 'neutral',
  held: 'neutral',
  'to-be-fetched': 'neutral',
  failing: 'amber',
  arrived: 'emerald',
  'given-up': 'red',
};

const ICONS: Record<TestResult, typeof Hourglass> = {
  'on-its-way': Hourglass,
  held: Hourglass,
  'to-be-fetched': Hourglass,
  failing: TriangleAlert,
  arrived: CircleCheck,
  'given-up': CircleX,
};

interface ResultTextProps {
  result: TestResult;
  lastError: string | null | undefined;
  nextAttemptAt: string | null | undefined;
}

function ResultText({ result, lastError, nextAttemptAt }: ResultTextProps) {
  const error = lastError == null ? '' : errorInWords(lastError);
  switch (result) {
    case 'on-its-way':
      return <Trans>Sending the test event…</Trans>;
    case 'held':
      return <Trans>The stream is paused. The test event is sent when you resume it.</Trans>;
    case 'to-be-fetched':
      return <Trans>The test event waits until the receiver fetches it.</Trans>;
    case 'arrived':
      return <Trans>The test event has arrived.</Trans>;
    case 'given-up':
      return <Trans>The test event was given up. {error}</Trans>;
    case 'failing':
      return nextAttemptAt == null ? (
        <Trans>Not delivered so far. {error} Curfew tries again.</Trans>
      ) : (
        <Trans>
          Not delivered so far. {error} Curfew tries again <At at={nextAttemptAt} isInSentence />.
        </Trans>
      );
  }
}
