import { useQuery } from '@apollo/client/react';
import { Trans, useLingui } from '@lingui/react/macro';
import { Anchor } from '@mantine/core';
import { Link } from 'react-router';
import { useSession } from '@curfew/client/react';
import { Empty } from '../../components/empty.tsx';
import { Loadable } from '../../components/loadable.tsx';
import { useNow } from '../../components/now.tsx';
import { SessionExplanationDocument } from '../../generated/evidence-operations.ts';
import { deviceInWords } from '../../lib/device.ts';
import { problemOf } from '../../lib/problem.ts';
import { BothLimits } from '../policy-words/both-limits.tsx';
import { kindInWords } from '../policy-words/kind-in-words.ts';
import { exactTime } from '../trail/exact-time.ts';
import {
  becauseInWords,
  entryInWords,
  type Explanation as ExplanationData,
  kindOfEntry,
  type LimitSource,
  type TimelineEntry,
} from './explanation-words.ts';
import classes from './explanation.module.css';

/** Why a session ends, or has ended: the sentence, the limits it lives by, and its time line. */
export function Explanation({ sessionId }: { sessionId: string }) {
  // Not from the cache: activity moves the end. Nor into it: the lists have what they have read.
  const query = useQuery(SessionExplanationDocument, { variables: { sessionId }, fetchPolicy: 'no-cache' });
  const problem = query.error && problemOf(query.error);
  // The trail is kept longer than sessions are.
  if (problem?.kind === 'refused' && problem.code === 'NOT_FOUND')
    return (
      <Empty>
        <Trans>
          This session is no longer stored. Ended sessions are kept for as long as this server is set to, 90
          days by default.
        </Trans>
      </Empty>
    );
  return (
    <Loadable
      query={{ data: query.data?.explainSession, error: query.error, refetch: query.refetch }}
      lines={6}
    >
      {(explanation) => (
        <>
          <p className={classes.whose}>
            {`${deviceInWords(explanation.session.device)} · ${explanation.session.user.name}`}
          </p>
          <p className={classes.because}>{becauseInWords(explanation)}</p>
          <Limits {...explanation} />
          <h3 className={classes.heading}>
            <Trans>What happened</Trans>
          </h3>
          <ol className={classes.timeline}>
            {explanation.timeline.map((entry, index) => (
              <Entry key={index} entry={entry} explanation={explanation} />
            ))}
          </ol>
        </>
      )}
    </Loadable>
  );
}

/** The limits that it lives by, and where they are from: mostly both from one version. */
function Limits({ session, idleLimitSource: idle, absoluteLimitSource: absolute }: ExplanationData) {
  const { t } = useLingui();
  const isOne =
    idle.policyVersion === absolute.policyVersion &&
    idle.rule?.role === absolute.rule?.role &&
    idle.rule?.appType === absolute.rule?.appType;
  return (
    <dl className={classes.limits}>
      <div>
        <dt>
          <Trans>Limits</Trans>
        </dt>
        <dd>
          <BothLimits {...session} />
        </dd>
      </div>
      {isOne ? (
        <Source of={t`Policy`} {...idle} />
      ) : (
        <>
          <Source of={t`Idle limit`} {...idle} />
          <Source of={t`Absolute limit`} {...absolute} />
        </>
      )}
    </dl>
  );
}

function Source({ of, policyVersion, rule }: LimitSource & { of: string }) {
  const { user } = useSession();
  const version =
    policyVersion === 0 ? <Trans>No saved policy</Trans> : <Trans>Version {policyVersion}</Trans>;
  return (
    <>
      <div>
        <dt>{of}</dt>
        <dd>
          {user?.role === 'OWNER' && policyVersion > 0 ? (
            <Anchor component={Link} to="/account/evidence#versions" underline="always">
              {version}
            </Anchor>
          ) : (
            version
          )}
        </dd>
      </div>
      {rule && (
        <div>
          <dt>
            <Trans>Rule</Trans>
          </dt>
          <dd>{kindInWords(rule)}</dd>
        </div>
      )}
    </>
  );
}

function Entry({ entry, explanation }: { entry: TimelineEntry; explanation: ExplanationData }) {
  const { i18n } = useLingui();
  const isAhead = new Date(entry.at) > useNow();
  const [kind, text] = [kindOfEntry(entry), entryInWords(entry, explanation)];
  return (
    <li className={classes.entry} data-ahead={isAhead || undefined}>
      <p className={classes.kind}>
        <span>{kind}</span>
        {isAhead && (
          <span className={classes.ahead}>
            <Trans>Still ahead</Trans>
          </span>
        )}
      </p>
      <time dateTime={entry.at} className={classes.time}>
        {exactTime(new Date(entry.at), i18n.locales ?? i18n.locale)}
      </time>
      {text !== null && <p className={classes.text}>{text}</p>}
    </li>
  );
}
