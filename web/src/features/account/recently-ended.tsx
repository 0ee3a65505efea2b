import { useQuery } from '@apollo/client/react';
import { Trans, useLingui } from '@lingui/react/macro';
import { Empty } from '../../components/empty.tsx';
import { Loadable } from '../../components/loadable.tsx';
import { Ago } from '../../components/moment.tsx';
import { Panel } from '../../components/panel.tsx';
import {
  AccountEndedSessionsDocument,
  type AccountEndedSessionsQuery,
} from '../../generated/account-operations.ts';
import { endReasonInWords } from '../../lib/end-reason.ts';
import { POLL_WHILE_VISIBLE } from '../../lib/use-on-return.ts';
import { deviceInWords } from '../../lib/device.ts';
import { ExplainButton } from '../explanation/explain-button.tsx';
import classes from './recently-ended.module.css';

const SHOWN = 10;

/** The sessions that ended last, with the reasons: an unknown end is a sign of misuse. */
export function RecentlyEnded({ userId }: { userId: string }) {
  const { t } = useLingui();
  const query = useQuery(AccountEndedSessionsDocument, { variables: { userId }, ...POLL_WHILE_VISIBLE });
  return (
    <Panel title={t`Recently ended`}>
      <Loadable
        query={{ data: query.data ?? query.previousData, error: query.error, refetch: query.refetch }}
        lines={3}
      >
        {({ sessions }) => {
          const ended = latestEnds(sessions);
          if (ended.length === 0)
            return (
              <Empty>
                <Trans>No sessions have ended yet.</Trans>
              </Empty>
            );
          return (
            <ul className={classes.rows} aria-label={t`Recently ended`}>
              {ended.map(({ id, device, endedAt, endReason }) => (
                <li key={id} className={classes.row}>
                  <span className={classes.device}>{deviceInWords(device ?? null)}</span>
                  <span className={classes.why}>{endReason && endReasonInWords(endReason)}</span>
                  <span className={classes.when}>{endedAt && <Ago at={endedAt} />}</span>
                  <span className={classes.explain}>
                    <ExplainButton sessionId={id} isEnded what={deviceInWords(device ?? null)} />
                  </span>
                </li>
              ))}
            </ul>
          );
        }}
      </Loadable>
    </Panel>
  );
}

/** The server orders by sign-in, so the latest end may be anywhere in the list. */
const latestEnds = ({ edges }: AccountEndedSessionsQuery['sessions']) =>
  edges
    .map(({ node }) => node)
    .toSorted((one, other) => Date.parse(other.endedAt ?? '') - Date.parse(one.endedAt ?? ''))
    .slice(0, SHOWN);
