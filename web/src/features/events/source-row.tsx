import { Trans, useLingui } from '@lingui/react/macro';
import { Button, VisuallyHidden } from '@mantine/core';
import { Info, RadioTower, TriangleAlert } from 'lucide-react';
import { CopyText } from '../../components/copy-text.tsx';
import { Ago } from '../../components/moment.tsx';
import rowClasses from '../../components/row.module.css';
import type { EventSourceRowFragment } from '../../generated/events-operations.ts';
import classes from './list.module.css';
import { refusalInWords } from './source-errors.ts';

export type Source = EventSourceRowFragment;

/** Where a source sends Global Token Revocation requests: one address of the server for all of them. */
const revocationAddress = ({ endpointUrl }: Source): string =>
  new URL('/oauth/global-token-revocation', endpointUrl).href;

interface SourceRowProps {
  source: Source;
  /** Null: it names users of no provider in particular. */
  providerName: string | null;
  onDelete(): void;
}

export function SourceRow({ source, providerName, onDelete }: SourceRowProps) {
  const { t } = useLingui();
  const reason = refusalInWords(source.lastError ?? '');
  const unverifiedReason = refusalInWords(source.lastUnverifiedError ?? '');
  const name = providerName ?? source.provider;
  const { id, issuer, audience, provider, endpointUrl, lastReceivedAt, lastError, lastUnverifiedError } =
    source;
  return (
    <li className={classes.row}>
      <div className={classes.head}>
        <span className={rowClasses.icon} aria-hidden>
          <RadioTower size={18} />
        </span>
        <div className={rowClasses.text}>
          <div className={rowClasses.title}>
            <strong>{issuer}</strong>
          </div>
          <ul className={rowClasses.facts}>
            <li>
              <Trans>Audience {audience}</Trans>
            </li>
            <li>
              {provider == null ? (
                <Trans>Users found by their identity or e-mail</Trans>
              ) : (
                <Trans>Users of {name}</Trans>
              )}
            </li>
            <li>
              {lastReceivedAt == null ? (
                <Trans>Nothing received yet</Trans>
              ) : (
                <Trans>
                  Last received <Ago at={lastReceivedAt} />
                </Trans>
              )}
            </li>
          </ul>
          {lastError != null && (
            <div className={classes.problem}>
              <TriangleAlert size={15} aria-hidden />
              <span>
                <Trans>The last token was refused. {reason}</Trans>
              </span>
            </div>
          )}
          {lastUnverifiedError != null && (
            <div className={classes.remark}>
              <Info size={15} aria-hidden />
              <span>
                <Trans>A token that anyone may have sent was refused. {unverifiedReason}</Trans>
              </span>
            </div>
          )}
        </div>
      </div>
      <div className={classes.below}>
        <CopyText label={t`Address for events`} text={endpointUrl} copyLabel={t`Copy address`} />
        <CopyText
          label={t`Address for global token revocation`}
          text={revocationAddress(source)}
          copyLabel={t`Copy address`}
        />
        <div className={classes.buttons}>
          <Button variant="default" size="xs" data-source={id} onClick={onDelete}>
            <Trans>
              Delete<VisuallyHidden> {issuer}</VisuallyHidden>
            </Trans>
          </Button>
        </div>
      </div>
    </li>
  );
}
