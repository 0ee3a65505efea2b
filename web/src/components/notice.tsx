import type { ReactNode } from 'react';
import classes from './notice.module.css';

export type Tone = 'neutral' | 'amber' | 'cyan' | 'emerald' | 'red';

interface NoticeProps {
  tone: Tone;
  icon?: ReactNode;
  /** `status` is read when it appears, `alert` at once; absent for what was there from the start. */
  role?: 'status' | 'alert';
  actions?: ReactNode;
  children: ReactNode;
}

/** A coloured line or paragraph that tells one thing. */
export function Notice({ tone, icon, role, actions, children }: NoticeProps) {
  return (
    <div className={classes.notice} data-tone={tone} role={role}>
      {icon && (
        <span className={classes.icon} aria-hidden>
          {icon}
        </span>
      )}
      <div className={classes.text}>{children}</div>
      {actions && <div className={classes.actions}>{actions}</div>}
    </div>
  );
}
