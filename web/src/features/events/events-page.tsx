import { useLingui } from '@lingui/react/macro';
import { Webhook } from 'lucide-react';
import { Page } from '../../components/page.tsx';
import { useAddressParams } from '../../lib/use-address-params.ts';
import { DeliveriesView } from './deliveries-view.tsx';
import { readAddress } from './events-address.ts';
import { SourcesPanel } from './sources-panel.tsx';
import { StreamsPanel } from './streams-panel.tsx';

/** For owners: where security events go, and from whom they are taken. With a stream in the address, its deliveries. */
export function EventsPage() {
  const { t } = useLingui();
  const [params] = useAddressParams();
  const { streamId, status } = readAddress(params);
  if (streamId !== null) return <DeliveriesView key={streamId} streamId={streamId} status={status} />;
  return (
    <Page
      title={t`Events`}
      icon={<Webhook size={28} />}
      intro={t`Your other systems learn here when a session ends, and may say when one has to.`}
    >
      <StreamsPanel />
      <SourcesPanel />
    </Page>
  );
}
