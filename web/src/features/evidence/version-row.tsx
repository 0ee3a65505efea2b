import { Trans, useLingui } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { useSession } from '@curfew/client/react';
import { Ago } from '../../components/moment.tsx';
import { Tag } from '../../components/tag.tsx';
import { BothLimits } from '../policy-words/both-limits.tsx';
import { FurtherSettings } from '../policy-words/further-settings.tsx';
import { exactTime } from '../trail/exact-time.ts';
import { Applied } from '../trail/applied.tsx';
import type { Version } from './version-change.ts';
import classes from './versions-panel.module.css';

interface VersionRowProps {
  version: Version;
  isCurrent: boolean;
  /** Absent: it is the only one. */
  onCompare?: () => void;
  /** Absent: it is the current one. */
  onRestore?: () => void;
}

/** A version: its limits, who saved it, and what it did. */
export function VersionRow({ version, isCurrent, onCompare, onRestore }: VersionRowProps) {
  const { t } = useLingui();
  const { version: number, restoredFrom } = version;
  return (
    <li className={classes.version}>
      <div className={classes.what}>
        <h3 className={classes.title}>
          <Trans>Version {number}</Trans>
          {isCurrent && (
            <Tag tone="accent">
              <Trans>In force</Trans>
            </Tag>
          )}
          {restoredFrom !== null && (
            <Tag tone="accent">
              <Trans>Restored from version {restoredFrom}</Trans>
            </Tag>
          )}
        </h3>
        <p>
          <BothLimits
            idleMinutes={version.effectiveIdleMinutes}
            absoluteMinutes={version.effectiveAbsoluteMinutes}
          />
        </p>
        <FurtherSettings {...version} />
        <p className={classes.soft}>
          <Saved {...version} />
        </p>
        <p className={classes.soft}>
          {version.apply === 'ACTIVE_SESSIONS' ? (
            <Applied ended={version.endedSessions} shortened={version.shortenedSessions} />
          ) : (
            <Trans>From the next sign-in. Current sessions kept their limits.</Trans>
          )}
        </p>
      </div>
      <div className={classes.actions}>
        {onCompare && (
          <Button size="xs" variant="default" aria-label={t`Compare version ${number}`} onClick={onCompare}>
            <Trans>Compare</Trans>
          </Button>
        )}
        {onRestore && (
          <Button size="xs" variant="default" aria-label={t`Restore version ${number}`} onClick={onRestore}>
            <Trans>Restore</Trans>
          </Button>
        )}
      </div>
    </li>
  );
}

function Saved({ createdAt, createdBy }: Version) {
  const { i18n } = useLingui();
  const { user } = useSession();
  const at = exactTime(new Date(createdAt), i18n.locales ?? i18n.locale);
  const when = <Ago at={createdAt} />;
  const name = createdBy?.name;
  if (name === undefined)
    return (
      <Trans>
        Saved {when}, {at}
      </Trans>
    );
  if (createdBy?.id === user?.id)
    return (
      <Trans>
        Saved by you {when}, {at}
      </Trans>
    );
  return (
    <Trans>
      Saved by {name} {when}, {at}
    </Trans>
  );
}
