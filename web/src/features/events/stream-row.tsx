import { useMutation } from '@apollo/client/react';
import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { Button, VisuallyHidden } from '@mantine/core';
import { ListChecks, Send, TriangleAlert, Webhook } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'react-router';
import { CopyText } from '../../components/copy-text.tsx';
import { Failure } from '../../components/failure.tsx';
import { Ago, At } from '../../components/moment.tsx';
import rowClasses from '../../components/row.module.css';
import { SendTestEventDocument } from '../../generated/events-operations.ts';
import { errorInWords } from './error-words.ts';
import { writeAddress } from './events-address.ts';
import classes from './list.module.css';
import type { StreamAction } from './stream-actions.ts';
import { toFailure } from './stream-failure.ts';
import { StreamMenu } from './stream-menu.tsx';
import { StreamTag } from './stream-tag.tsx';
import { hasTest, kindName, originOf, streamName, type Stream } from './stream-words.ts';
import { TestEvent } from './test-event.tsx';

/** The server counts what waits exactly up to here. */
const MAX_COUNTED = 10_000;

/** Where a receiver that has a service key fetches the events (RFC 8936). */
const pollAddress = (id: string): string => `${location.origin}/ssf/streams/${id}/poll`;

export function StreamRow({ stream, onAction }: { stream: Stream; onAction(action: StreamAction): void }) {
  const { t } = useLingui();
  const { id, kind, description, status } = stream;
  const name = streamName(stream);
  const origin = originOf(stream);
  const [sendTest, { loading }] = useMutation(SendTestEventDocument);
  const [testId, setTestId] = useState<string | null>(null);
  const [failure, setFailure] = useState<string | null>(null);

  async function send() {
    setFailure(null);
    setTestId(null);
    try {
      const { data } = await sendTest({ variables: { streamId: id } });
      setTestId(data!.sendTestEvent.id);
    } catch (error) {
      setFailure(toFailure(error, [])?.text ?? null);
    }
  }

  return (
    <li className={classes.row}>
      <div className={classes.head}>
        <span className={rowClasses.icon} aria-hidden>
          <Webhook size={18} />
        </span>
        <div className={rowClasses.text}>
          <div className={rowClasses.title}>
            <strong>{name}</strong>
            <StreamTag stream={stream} />
          </div>
          {description !== null && origin !== null && <div className={classes.soft}>{origin}</div>}
          <StreamFacts stream={stream} />
          <StreamProblem stream={stream} />
        </div>
        <StreamMenu stream={stream} onAction={onAction} />
      </div>
      <div className={classes.below}>
        {kind === 'SSF_POLL' && (
          <CopyText label={t`Address for polls`} text={pollAddress(id)} copyLabel={t`Copy address`} />
        )}
        <div className={classes.buttons}>
          <Button
            component={Link}
            to={`?${writeAddress({ streamId: id, status: null })}`}
            variant="default"
            size="xs"
            leftSection={<ListChecks size={15} aria-hidden />}
          >
            <Trans>
              Deliveries<VisuallyHidden> of {name}</VisuallyHidden>
            </Trans>
          </Button>
          {status !== 'DISABLED' && hasTest(kind) && (
            <Button
              variant="default"
              size="xs"
              leftSection={<Send size={15} aria-hidden />}
              aria-disabled={loading}
              onClick={() => {
                if (!loading) void send();
              }}
            >
              <Trans>
                Send test event<VisuallyHidden> to {name}</VisuallyHidden>
              </Trans>
            </Button>
          )}
        </div>
        {failure && <Failure text={failure} />}
        {testId !== null && (
          <TestEvent key={testId} stream={stream} deliveryId={testId} onClose={() => setTestId(null)} />
        )}
      </div>
    </li>
  );
}

/** The kind, what waits, and when something last arrived. */
export function StreamFacts({ stream: { kind, pendingCount, lastDeliveredAt } }: { stream: Stream }) {
  const { i18n } = useLingui();
  const most = i18n.number(MAX_COUNTED);
  return (
    <ul className={rowClasses.facts}>
      <li>{kindName(kind)}</li>
      <li>
        {pendingCount >= MAX_COUNTED ? (
          <Trans>{most} or more events wait</Trans>
        ) : (
          <Plural value={pendingCount} _0="Nothing waits" one="# event waits" other="# events wait" />
        )}
      </li>
      <li>
        {lastDeliveredAt == null ? (
          <Trans>Nothing delivered yet</Trans>
        ) : (
          <Trans>
            Last delivered <Ago at={lastDeliveredAt} />
          </Trans>
        )}
      </li>
    </ul>
  );
}

/** Why nothing arrives, in words. */
export function StreamProblem({ stream: { status, statusReason, failingSince } }: { stream: Stream }) {
  const isFailing = status === 'ENABLED' && failingSince != null;
  if (!isFailing && statusReason == null) return null;
  const reason = errorInWords(statusReason ?? '');
  return (
    <div className={classes.problem}>
      <TriangleAlert size={15} aria-hidden />
      <span>
        {statusReason != null ? (
          <Trans>Reason: {reason}</Trans>
        ) : (
          <Trans>
            Since <At at={failingSince!} /> no attempt has succeeded. Curfew goes on trying.
          </Trans>
        )}
      </span>
    </div>
  );
}
