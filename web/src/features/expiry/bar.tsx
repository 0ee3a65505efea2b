import type { ReactNode } from 'react';
import classes from './bar.module.css';

interface BarProps {
  tone: 'amber' | 'cyan';
  icon: ReactNode;
  children: ReactNode;
  /** What could not be done, and until when it can be tried. */
  failure: string | null;
  countdown: string;
  /** The share of the warning time that is left, 0 to 1. */
  share: number;
  actions: ReactNode;
}

/** One line above the page: what will happen and when, how long that is, and what can be done. */
export function Bar({ tone, icon, children, failure, countdown, share, actions }: BarProps) {
  return (
    <div className={classes.bar} data-tone={tone}>
      <div className={classes.line}>
        <span className={classes.icon} aria-hidden>
          {icon}
        </span>
        <div className={classes.text}>
          <p>{children}</p>
          {failure && <p className={classes.failure}>{failure}</p>}
        </div>
        {/* For the eye only: read out every second it would drown everything else. */}
        <span className={classes.countdown} aria-hidden data-testid="countdown">
          {countdown}
        </span>
        <div className={classes.actions}>{actions}</div>
      </div>
      <div className={classes.fuse} style={{ '--share': share } as React.CSSProperties} aria-hidden />
    </div>
  );
}
