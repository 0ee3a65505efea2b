import { Plural, Trans } from '@lingui/react/macro';
import { Button, VisuallyHidden } from '@mantine/core';
import { CircleCheck, CircleX, Hourglass, TriangleAlert, type LucideIcon } from 'lucide-react';
import { useState } from 'react';
import { Ago, At } from '../../components/moment.tsx';
import rowClasses from '../../components/row.module.css';
import { Tag } from '../../components/tag.tsx';
import { deliveryState, statusName, type Delivery, type DeliveryState } from './delivery-words.ts';
import classes from './delivery-row.module.css';
import { errorInWords } from './error-words.ts';
import { shortType } from './event-types.ts';
import listClasses from './list.module.css';
import type { Stream } from './stream-words.ts';

const LOOKS: Record<DeliveryState, { icon: LucideIcon; tone: 'soft' | 'amber' | 'emerald' | 'red' }> = {
  waiting: { icon: Hourglass, tone: 'soft' },
  failing: { icon: TriangleAlert, tone: 'amber' },
  delivered: { icon: CircleCheck, tone: 'emerald' },
  'given-up': { icon: CircleX, tone: 'red' },
};

interface DeliveryRowProps {
  delivery: Delivery;
  stream: Pick<Stream, 'kind' | 'status'>;
  onSendAgain(): Promise<void>;
}

/** A failed delivery has a sign, a line at its side and the error in words: it stands out without colours too. */
export function DeliveryRow({ delivery, stream, onSendAgain }: DeliveryRowProps) {
  const { eventType, sessionId, createdAt, status, attempts, lastAttemptAt, lastError, nextAttemptAt } =
    delivery;
  const type = shortType(eventType);
  const state = deliveryState(delivery);
  const { icon: Icon, tone } = LOOKS[state];
  const [isBusy, setBusy] = useState(false);
  const isWaiting = status === 'PENDING';
  // Of a paused stream nothing is tried, nor where the receiver fetches; and of a disabled one nothing is sent.
  const canTryNow = stream.status === 'ENABLED' && stream.kind !== 'SSF_POLL';
  const canSend = isWaiting ? canTryNow : stream.status !== 'DISABLED';

  async function send() {
    setBusy(true);
    await onSendAgain();
    setBusy(false);
  }

  return (
    <li className={listClasses.row} data-state={state}>
      <div className={classes.row} data-state={state}>
        <div className={rowClasses.text}>
          <div className={rowClasses.title}>
            <code className={classes.type} title={eventType}>
              {type}
            </code>
            <Tag tone={tone}>
              <Icon size={14} aria-hidden />
              <span>{state === 'failing' ? <Trans>Failing</Trans> : statusName(status)}</span>
            </Tag>
          </div>
          <ul className={rowClasses.facts}>
            <li>
              <Trans>
                Happened <Ago at={createdAt} />
              </Trans>
            </li>
            <li>
              <Plural value={attempts} _0="Not tried yet" one="# attempt" other="# attempts" />
              {lastAttemptAt != null && (
                <Trans>
                  , the last one <Ago at={lastAttemptAt} />
                </Trans>
              )}
            </li>
            {isWaiting && nextAttemptAt != null && stream.status === 'ENABLED' && (
              <li>
                <Trans>
                  Next attempt <At at={nextAttemptAt} isInSentence />
                </Trans>
              </li>
            )}
            {sessionId != null && (
              <li>
                <Trans>
                  Session <code className={classes.id}>{sessionId}</code>
                </Trans>
              </li>
            )}
          </ul>
          {lastError != null && <div className={classes.error}>{errorInWords(lastError)}</div>}
        </div>
        {canSend && (
          <Button
            variant="default"
            size="xs"
            className={classes.button}
            aria-disabled={isBusy}
            onClick={() => {
              if (!isBusy) void send();
            }}
          >
            {isWaiting ? (
              <Trans>
                Try now<VisuallyHidden> {type}</VisuallyHidden>
              </Trans>
            ) : (
              <Trans>
                Send again<VisuallyHidden> {type}</VisuallyHidden>
              </Trans>
            )}
          </Button>
        )}
      </div>
    </li>
  );
}
