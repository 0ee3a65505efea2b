import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import type { ReactNode } from 'react';
import { type Details, recordOf } from './stored-details.ts';
import type { Told } from './told.ts';

type EventAction =
  | 'event_stream.created'
  | 'event_stream.updated'
  | 'event_stream.secret_rotated'
  | 'event_stream.deleted'
  | 'event_source.created'
  | 'event_source.deleted';

/** What someone did with an event stream or an event source. The trail has the origin of an address only. */
export function EventSentence({ who, details, action }: Told & { action: EventAction }) {
  const origin = textOf(details.origin);
  const issuer = textOf(details.issuer);
  switch (action) {
    case 'event_stream.created':
      if (origin === '') return <Trans>{who} created an event stream</Trans>;
      return (
        <Trans>
          {who} created an event stream to {origin}
        </Trans>
      );
    case 'event_stream.deleted':
      if (origin === '') return <Trans>{who} deleted an event stream</Trans>;
      return (
        <Trans>
          {who} deleted the event stream to {origin}
        </Trans>
      );
    case 'event_stream.secret_rotated':
      return <Trans>{who} rotated the secret of an event stream</Trans>;
    case 'event_stream.updated':
      return <StreamUpdated who={who} details={details} />;
    case 'event_source.created':
      if (issuer === '') return <Trans>{who} created an event source</Trans>;
      return (
        <Trans>
          {who} created the event source {issuer}
        </Trans>
      );
    case 'event_source.deleted':
      if (issuer === '') return <Trans>{who} deleted an event source</Trans>;
      return (
        <Trans>
          {who} deleted the event source {issuer}
        </Trans>
      );
  }
}

function StreamUpdated({ who, details }: Pick<Told, 'who' | 'details'>) {
  switch (recordOf(details.new).status) {
    case 'PAUSED':
      return <Trans>{who} paused an event stream</Trans>;
    case 'DISABLED':
      return <Trans>{who} disabled an event stream</Trans>;
    case 'ENABLED':
      return recordOf(details.old).status === 'PAUSED' ? (
        <Trans>{who} resumed an event stream</Trans>
      ) : (
        <Trans>{who} enabled an event stream</Trans>
      );
    default:
      return <Trans>{who} changed an event stream</Trans>;
  }
}

/** What else changed, or why Curfew disabled it. Null: nothing more. */
export function noteOfStreamChange(details: Details): ReactNode {
  const reason = textOf(details.status_reason);
  if (reason !== '') return reasonInWords(reason);
  const next = recordOf(details.new);
  const origin = textOf(next.origin);
  const changed = [
    details.url_changed === true && (origin === '' ? t`the address` : t`the address, now at ${origin}`),
    'description' in next && t`the description`,
    'event_types' in next && t`which events`,
    'subject_format' in next && t`the subject`,
  ].filter((part) => part !== false);
  if (changed.length === 0) return null;
  const list = changed.join('; ');
  return <Trans>Changed: {list}</Trans>;
}

/** The server's fixed words, in the language of the page. Others are shown as they are. */
const reasonInWords = (reason: string): string =>
  reason === 'The receiver answered 410 (gone).'
    ? t`The receiver answered 410: it wants no more events, ever.`
    : reason;

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
