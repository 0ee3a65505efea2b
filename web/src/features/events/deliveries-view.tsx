import { useQuery } from '@apollo/client/react';
import { Trans, useLingui } from '@lingui/react/macro';
import { Anchor } from '@mantine/core';
import { ArrowLeft, ListChecks } from 'lucide-react';
import { Link } from 'react-router';
import { Empty } from '../../components/empty.tsx';
import { Loadable } from '../../components/loadable.tsx';
import { Page } from '../../components/page.tsx';
import { Panel } from '../../components/panel.tsx';
import { EventStreamsDocument, type DeliveryStatus } from '../../generated/events-operations.ts';
import { POLL_WHILE_VISIBLE } from '../../lib/use-on-return.ts';
import { DeliveryList } from './delivery-list.tsx';
import { StreamFacts, StreamProblem } from './stream-row.tsx';
import { StreamTag } from './stream-tag.tsx';
import { streamName } from './stream-words.ts';
import classes from './deliveries-view.module.css';

interface DeliveriesViewProps {
  streamId: string;
  status: DeliveryStatus | null;
}

/** Who looks at deliveries waits for the next one. */
const POLL_SOON = { ...POLL_WHILE_VISIBLE, pollInterval: 5_000 };

/** What became of the events of one stream. */
export function DeliveriesView({ streamId, status }: DeliveriesViewProps) {
  const { t } = useLingui();
  const query = useQuery(EventStreamsDocument, POLL_SOON);
  return (
    <Page title={t`Deliveries`} icon={<ListChecks size={28} />}>
      <p className={classes.back}>
        <Anchor component={Link} to="/account/events">
          <ArrowLeft size={16} aria-hidden /> <Trans>All event streams</Trans>
        </Anchor>
      </p>
      <Loadable query={query}>
        {({ eventStreams }) => {
          const stream = eventStreams.find(({ id }) => id === streamId);
          if (!stream)
            return (
              <Empty>
                <Trans>This event stream does not exist any more.</Trans>
              </Empty>
            );
          return (
            <Panel
              title={streamName(stream)}
              intro={
                <>
                  <StreamFacts stream={stream} />
                  <StreamProblem stream={stream} />
                </>
              }
              actions={<StreamTag stream={stream} />}
            >
              <DeliveryList stream={stream} status={status} />
            </Panel>
          );
        }}
      </Loadable>
    </Page>
  );
}
