import { type CSSProperties, useState } from 'react';
import { inWords } from '../../lib/duration.ts';
import type { Limits } from './limit-check.ts';
import { isSame, limitsInForce, type Policy } from './policy-draft.ts';
import { type Stretch, timeLineOf } from './time-line.ts';
import classes from './session-time-line.module.css';

interface SessionTimeLineProps {
  /** Null while the draft has none; the picture then stays as it was. */
  limits: Limits | null;
  policy: Policy;
}

/** Draws what the two limits mean for a session, from its sign-in to its end. */
export function SessionTimeLine({ limits, policy }: SessionTimeLineProps) {
  const [shown, setShown] = useState(limits ?? limitsInForce(policy));
  if (limits && !isSame(limits, shown)) setShown(limits);
  const { absolute, idle, sentences } = timeLineOf(shown, policy);
  return (
    <div
      className={classes.picture}
      role="img"
      aria-label={`A session on a time line. ${sentences.join(' ')}`}
      data-testid="time-line"
    >
      <div className={classes.ends}>
        <span>Sign-in</span>
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
        {inWords(shown.idleMinutes)} without activity
      </div>
      <ul className={classes.legend}>
        <li>
          <span className={classes.dot} /> sign-in, activity
        </li>
        <li>
          <span className={classes.warningKey} /> warning
        </li>
        <li>
          <span className={classes.endKey} /> signed out
        </li>
      </ul>
      {sentences.map((sentence) => (
        <p key={sentence} className={classes.sentence}>
          {sentence}
        </p>
      ))}
    </div>
  );
}

interface LaneProps {
  stretch: Stretch;
  /** Nothing moves this deadline any more. */
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
