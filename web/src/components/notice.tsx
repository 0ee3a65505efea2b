import type { ReactNode } from 'react';
import classes from './notice.module.css';

export type Tone = 'neutral' | 'amber' | 'cyan' | 'emerald' | 'red';

interface NoticeProps {
  tone: Tone;
  icon?: ReactNode;
  /** `status` is announced when it appears, `alert` interrupts. None for a notice that is part of the initial page. */
  role?: 'status' | 'alert';
  actions?: ReactNode;
  children: ReactNode;
}

/** A coloured box with one message. */
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
