import { Trans, useLingui } from '@lingui/react/macro';
import { type CSSProperties, useState } from 'react';
import { inWords } from '../../lib/duration.ts';
import type { Limits } from '../policy-words/limits-in-words.ts';
import { isSame, currentLimits, type Policy } from './policy-draft.ts';
import { type Stretch, timelineOf } from './timeline.ts';
import classes from './session-timeline.module.css';

interface SessionTimelineProps {
  /** Null while the draft is invalid: the last picture then stays, greyed. */
  limits: Limits | null;
  policy: Policy;
  /** Then the picture is not of every session. */
  hasRules: boolean;
}

/** Draws the two limits of a session on a timeline from sign-in to end. */
export function SessionTimeline({ limits, policy, hasRules }: SessionTimelineProps) {
  const [shown, setShown] = useState(limits ?? currentLimits(policy));
  if (limits && !isSame(limits, shown)) setShown(limits);
  const { t } = useLingui();
  const { absolute, idle, sentences } = timelineOf(shown, policy);
  const isInvalid = limits === null;
  const text = sentences.join(' ');
  const idleLimit = inWords(shown.idleMinutes);
  return (
    <div
      className={classes.picture}
      role="img"
      aria-label={
        isInvalid
          ? t`A session on a timeline. Not drawn: correct the limits first.`
          : hasRules
            ? t`A session that no rule fits, on a timeline. ${text}`
            : t`A session on a timeline. ${text}`
      }
      data-invalid={isInvalid || undefined}
      data-testid="timeline"
    >
      {hasRules && (
        <p className={classes.which}>
          <Trans>A session that no rule fits</Trans>
        </p>
      )}
      <div className={classes.ends}>
        <span>
          <Trans>Sign-in</Trans>
        </span>
        <span>{inWords(shown.absoluteMinutes)}</span>
      </div>
      <div className={classes.lanes}>
        <Lane stretch={absolute} isLast />
        {idle.map((stretch, index) => (
          <Lane key={index} stretch={stretch} isLast={index === idle.length - 1} hasActivity />
        ))}
      </div>
      <div
        className={classes.idleLimit}
        style={{ '--after': Math.max(0, 1 - idle.at(-1)!.to) } as CSSProperties}
      >
        <Trans>{idleLimit} without activity</Trans>
      </div>
      <ul className={classes.legend}>
        <li>
          <span className={classes.dot} />{' '}
          <span>
            <Trans>sign-in, activity</Trans>
          </span>
        </li>
        <li>
          <span className={classes.warningKey} />{' '}
          <span>
            <Trans>warning</Trans>
          </span>
        </li>
        <li>
          <span className={classes.endKey} />{' '}
          <span>
            <Trans>signed out</Trans>
          </span>
        </li>
      </ul>
      {isInvalid ? (
        <p className={classes.sentence}>
          <Trans>Not drawn: correct the limits first.</Trans>
        </p>
      ) : (
        sentences.map((sentence) => (
          <p key={sentence} className={classes.sentence}>
            {sentence}
          </p>
        ))
      )}
    </div>
  );
}

interface LaneProps {
  stretch: Stretch;
  /** No later activity moves this deadline. */
  isLast: boolean;
  hasActivity?: boolean;
}

function Lane({ stretch: { from, to, warnFrom }, isLast, hasActivity }: LaneProps) {
  const place = {
    '--from': from,
    '--length': to - from,
    '--warning': (to - warnFrom) / (to - from),
  } as CSSProperties;
  return (
    <div className={classes.lane} data-moved={!isLast || undefined} data-idle={hasActivity || undefined}>
      <div className={classes.bar} style={place}>
        <span className={classes.dot} />
        <span className={classes.warning} />
        <span className={classes.end} />
      </div>
    </div>
  );
}
