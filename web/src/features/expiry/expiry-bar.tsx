import type { ReactNode } from 'react';
import classes from './expiry-bar.module.css';

interface ExpiryBarProps {
  tone: 'amber' | 'cyan';
  icon: ReactNode;
  children: ReactNode;
  /** The error message of the last action. */
  failure: string | null;
  countdown: string;
  /** The remaining share of the warning period, 0 to 1. */
  share: number;
  actions: ReactNode;
}

/** A bar above the page with the warning, the countdown and the actions. */
export function ExpiryBar({ tone, icon, children, failure, countdown, share, actions }: ExpiryBarProps) {
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
        {/* Hidden from screen readers: an announcement every second would drown out everything else. */}
        <span className={classes.countdown} aria-hidden data-testid="countdown">
          {countdown}
        </span>
        <div className={classes.actions}>{actions}</div>
      </div>
      <div className={classes.progress} style={{ '--share': share } as React.CSSProperties} aria-hidden />
    </div>
  );
}
