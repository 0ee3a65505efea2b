import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { Button, VisuallyHidden } from '@mantine/core';
import { KeyRound } from 'lucide-react';
import { Ago } from '../../components/moment.tsx';
import { useNow } from '../../components/now.tsx';
import classes from '../../components/row.module.css';
import { Tag } from '../../components/tag.tsx';
import type { ServiceKeyRowFragment } from '../../generated/operations.ts';

const DAY = 86_400_000;
/** An owner is told so long before a key expires. */
const SOON = 14 * DAY;
/** The server counts the sessions of a key exactly up to here. */
const MAX_COUNTED = 1_000;

export function KeyRow({ serviceKey, onRevoke }: { serviceKey: ServiceKeyRowFragment; onRevoke(): void }) {
  const { name, scope, createdAt, createdBy, lastUsedAt, isActive } = serviceKey;
  return (
    <li className={classes.row} data-inactive={!isActive || undefined}>
      <span className={classes.icon} aria-hidden>
        <KeyRound size={18} />
      </span>
      <div className={classes.text}>
        <div className={classes.title}>
          <strong>{name}</strong>
          <StateTag serviceKey={serviceKey} />
        </div>
        <ul className={classes.facts}>
          <li>
            {createdBy ? (
              <Trans>
                Created <Ago at={createdAt} /> by {createdBy.name}
              </Trans>
            ) : (
              <Trans>
                Created <Ago at={createdAt} /> at the command line
              </Trans>
            )}
          </li>
          <li>
            {lastUsedAt === null ? (
              <Trans>Never used</Trans>
            ) : (
              <Trans>
                Last used <Ago at={lastUsedAt} />
              </Trans>
            )}
          </li>
          <li>
            <Expiry serviceKey={serviceKey} />
          </li>
          <li>
            {scope === 'SSF' ? (
              <Trans>Manages event streams only (SSF)</Trans>
            ) : (
              <Sessions count={serviceKey.sessionCount} />
            )}
          </li>
        </ul>
      </div>
      {isActive && (
        <Button variant="default" size="xs" className={classes.button} onClick={onRevoke}>
          <Trans>
            Revoke<VisuallyHidden> {name}</VisuallyHidden>
          </Trans>
        </Button>
      )}
    </li>
  );
}

function StateTag({ serviceKey: { revokedAt, isActive, expiresAt } }: { serviceKey: ServiceKeyRowFragment }) {
  const now = useNow().getTime();
  if (revokedAt !== null) {
    return (
      <Tag>
        <Trans>Revoked</Trans>
      </Tag>
    );
  }
  if (!isActive) {
    return (
      <Tag>
        <Trans>Expired</Trans>
      </Tag>
    );
  }
  if (expiresAt === null || Date.parse(expiresAt) - now > SOON) return null;
  return (
    <Tag tone="amber">
      <Trans>Expires soon</Trans>
    </Tag>
  );
}

function Expiry({ serviceKey: { revokedAt, isActive, expiresAt } }: { serviceKey: ServiceKeyRowFragment }) {
  const { i18n } = useLingui();
  if (revokedAt !== null) {
    return (
      <Trans>
        Revoked <Ago at={revokedAt} />
      </Trans>
    );
  }
  if (expiresAt === null) return <Trans>Never expires</Trans>;
  const day = i18n.date(expiresAt, { dateStyle: 'medium' });
  return isActive ? <Trans>Expires on {day}</Trans> : <Trans>Expired on {day}</Trans>;
}

function Sessions({ count }: { count: number }) {
  if (count >= MAX_COUNTED) return <Trans>1,000 or more current sessions</Trans>;
  return <Plural value={count} _0="No current sessions" one="# current session" other="# current sessions" />;
}
