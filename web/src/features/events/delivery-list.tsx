import { useMutation, useQuery } from '@apollo/client/react';
import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { Button, NativeSelect } from '@mantine/core';
import { useState } from 'react';
import { Empty } from '../../components/empty.tsx';
import { Failure } from '../../components/failure.tsx';
import { Loadable } from '../../components/loadable.tsx';
import { useToast } from '../../components/toasts.tsx';
import {
  EventDeliveriesDocument,
  RedeliverDeadEventsDocument,
  RedeliverEventDocument,
  type DeliveryStatus,
} from '../../generated/events-operations.ts';
import { POLL_WHILE_VISIBLE } from '../../lib/use-on-return.ts';
import { useAddressParams } from '../../lib/use-address-params.ts';
import classes from './delivery-list.module.css';
import { DeliveryRow } from './delivery-row.tsx';
import { deliveryCount, statusName } from './delivery-words.ts';
import { DELIVERY_STATUSES, readAddress, writeAddress } from './events-address.ts';
import listClasses from './list.module.css';
import { toFailure } from './stream-failure.ts';
import type { Stream } from './stream-words.ts';

interface DeliveryListProps {
  stream: Stream;
  /** Null: any. */
  status: DeliveryStatus | null;
}

/** The deliveries of a stream with a filter, and what an owner can do with all of them. */
export function DeliveryList({ stream, status }: DeliveryListProps) {
  const { t } = useLingui();
  const [, changeParams] = useAddressParams();
  return (
    <>
      <NativeSelect
        className={classes.filter}
        label={t`Status`}
        value={status ?? ''}
        onChange={({ currentTarget: { value } }) =>
          changeParams(
            (now) => writeAddress({ ...readAddress(now), status: (value || null) as DeliveryStatus | null }),
            { replace: true },
          )
        }
        data={[
          { value: '', label: t`All` },
          ...DELIVERY_STATUSES.map((value) => ({ value, label: statusName(value) })),
        ]}
      />
      <Deliveries key={status} stream={stream} status={status} />
    </>
  );
}

const PAGE_SIZE = 50;
/** The server counts deliveries exactly up to here. */
const MAX_COUNTED = 10_000;
const STILL = { pollInterval: 0 };
/** While something waits: its attempts are seconds apart. */
const POLL_SOON = { ...POLL_WHILE_VISIBLE, pollInterval: 3_000 };

function Deliveries({ stream, status }: DeliveryListProps) {
  const { t, i18n } = useLingui();
  const most = i18n.number(MAX_COUNTED);
  const showToast = useToast();
  const streamId = stream.id;
  // A list with more than its first page is not read again by itself: it would jump back to that page.
  const [isExtended, setExtended] = useState(false);
  const [isLoadingMore, setLoadingMore] = useState(false);
  // Also while only this list says so: the count of the stream may be newer.
  const [isWaiting, setWaiting] = useState(false);
  const query = useQuery(EventDeliveriesDocument, {
    variables: { streamId, status, first: PAGE_SIZE },
    ...(isExtended ? STILL : isWaiting || stream.pendingCount > 0 ? POLL_SOON : POLL_WHILE_VISIBLE),
  });
  const isOneWaiting = query.data?.eventDeliveries.edges.some(({ node }) => node.status === 'PENDING');
  if (isOneWaiting !== undefined && isOneWaiting !== isWaiting) setWaiting(isOneWaiting);
  const [redeliver] = useMutation(RedeliverEventDocument, { refetchQueries: ['EventStreams'] });
  const [redeliverDead, { loading: isRedelivering }] = useMutation(RedeliverDeadEventsDocument, {
    refetchQueries: ['EventStreams', 'EventDeliveries'],
  });
  const [failure, setFailure] = useState<string | null>(null);

  async function showMore(after: string | null) {
    if (isLoadingMore) return;
    setLoadingMore(true);
    setExtended(true);
    await query
      .fetchMore({
        variables: { after },
        updateQuery: ({ eventDeliveries: before }, { fetchMoreResult: { eventDeliveries: more, dead } }) => ({
          eventDeliveries: { ...more, edges: [...before.edges, ...more.edges] },
          dead,
        }),
      })
      .catch(() => setExtended(false));
    setLoadingMore(false);
  }

  async function attempt(work: () => Promise<string>) {
    setFailure(null);
    try {
      showToast(await work());
    } catch (error) {
      setFailure(toFailure(error, [])?.text ?? null);
    }
  }
  const sendAgain = (deliveryId: string) =>
    attempt(async () => {
      await redeliver({ variables: { deliveryId } });
      return t`The event is sent again.`;
    });
  const sendDeadAgain = () =>
    attempt(async () => {
      const { data } = await redeliverDead({ variables: { streamId } });
      setExtended(false);
      return deliveryCount(data!.redeliverDead);
    });

  const isDisabled = stream.status === 'DISABLED';
  return (
    <Loadable query={query} lines={6}>
      {({ eventDeliveries, dead }) => (
        <>
          <div className={classes.bar}>
            <span role="status">
              {eventDeliveries.totalCount < MAX_COUNTED ? (
                <Plural value={eventDeliveries.totalCount} one="# delivery" other="# deliveries" />
              ) : (
                <Trans>{most} or more deliveries</Trans>
              )}
            </span>
            {dead.totalCount > 0 && !isDisabled && (
              <Button
                variant="default"
                size="xs"
                aria-disabled={isRedelivering}
                onClick={() => {
                  if (!isRedelivering) void sendDeadAgain();
                }}
              >
                <Plural
                  value={dead.totalCount}
                  one="Send the failed one again"
                  other="Send all # failed again"
                />
              </Button>
            )}
          </div>
          {failure && <Failure text={failure} />}
          {eventDeliveries.edges.length === 0 ? (
            <Empty>
              {status === null ? (
                <Trans>
                  Nothing has happened since the stream was created. A test event shows whether it works.
                </Trans>
              ) : (
                <Trans>No deliveries have this status.</Trans>
              )}
            </Empty>
          ) : (
            <ul className={listClasses.list} aria-label={t`Deliveries`}>
              {eventDeliveries.edges.map(({ node }) => (
                <DeliveryRow
                  key={node.id}
                  delivery={node}
                  stream={stream}
                  onSendAgain={() => sendAgain(node.id)}
                />
              ))}
            </ul>
          )}
          {eventDeliveries.pageInfo.hasNextPage && (
            <Button
              variant="default"
              size="sm"
              mt="md"
              aria-disabled={isLoadingMore}
              onClick={() => void showMore(eventDeliveries.pageInfo.endCursor ?? null)}
            >
              <Trans>Show more</Trans>
            </Button>
          )}
        </>
      )}
    </Loadable>
  );
}
