import { useQuery } from '@apollo/client/react';
import { Trans, useLingui } from '@lingui/react/macro';
import { LogOut } from 'lucide-react';
import { Empty } from '../../components/empty.tsx';
import { Loadable } from '../../components/loadable.tsx';
import { Panel } from '../../components/panel.tsx';
import {
  AuditEndedSessionsDocument,
  type AuditEndedSessionsQuery,
} from '../../generated/audit-operations.ts';
import { appTypeInWords } from '../../lib/app-type.ts';
import { endOf, startOf } from '../../lib/day.ts';
import { deviceInWords } from '../../lib/device.ts';
import { endReasonInWords } from '../../lib/end-reason.ts';
import { ExplainButton } from '../explanation/explain-button.tsx';
import { exactTime } from '../trail/exact-time.ts';
import type { Filters } from './filters.ts';
import { usePeople } from './use-people.ts';
import classes from './ended-sessions.module.css';

/** Why the sessions of one person ended, also those that no entry names: at a limit, or with those of everyone. */
export function EndedSessions({ userId, filters }: { userId: string; filters: Filters }) {
  const { t, i18n } = useLingui();
  const { name } = usePeople(userId);
  const query = useQuery(AuditEndedSessionsDocument, { variables: { userId } });
  const title = name === null ? t`Ended sessions` : t`Ended sessions of ${name}`;
  return (
    <Panel
      title={title}
      icon={<LogOut size={20} />}
      intro={<Trans>Why each one ended: also those that ended at a limit, which have no entry above.</Trans>}
    >
      <Loadable
        query={{ data: query.data ?? query.previousData, error: query.error, refetch: query.refetch }}
        lines={3}
      >
        {({ sessions }) => {
          const ended = endsWithin(sessions, filters);
          if (ended.length === 0)
            return (
              <Empty>
                <Trans>No sessions ended at that time.</Trans>
              </Empty>
            );
          return (
            <ul className={classes.rows} aria-label={title}>
              {ended.map(({ id, device, appType, endedAt, endReason }) => {
                const time = endedAt ? exactTime(new Date(endedAt), i18n.locales ?? i18n.locale) : '';
                return (
                  <li key={id} className={classes.row}>
                    <span className={classes.reason}>{endReason && endReasonInWords(endReason)}</span>
                    <span className={classes.soft}>
                      {`${deviceInWords(device ?? null)}, ${appTypeInWords(appType)}`}
                    </span>
                    <span className={classes.soft}>{time}</span>
                    <span className={classes.explain}>
                      <ExplainButton
                        sessionId={id}
                        isEnded
                        what={`${deviceInWords(device ?? null)}, ${time}`}
                      />
                    </span>
                  </li>
                );
              })}
            </ul>
          );
        }}
      </Loadable>
    </Panel>
  );
}

/** The server orders by sign-in. */
function endsWithin({ edges }: AuditEndedSessionsQuery['sessions'], { from, to }: Filters) {
  const first = from === null ? -Infinity : (startOf(from)?.getTime() ?? -Infinity);
  const last = to === null ? Infinity : (endOf(to)?.getTime() ?? Infinity);
  const timeOf = ({ endedAt }: { endedAt?: string | null }) => Date.parse(endedAt ?? '');
  return edges
    .map(({ node }) => node)
    .filter((session) => timeOf(session) >= first && timeOf(session) < last)
    .toSorted((one, other) => timeOf(other) - timeOf(one));
}
