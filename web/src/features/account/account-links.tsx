import { ChevronRight } from 'lucide-react';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import classes from './account-links.module.css';

export function AccountLinks({ children }: { children: ReactNode }) {
  return <ul className={classes.links}>{children}</ul>;
}

interface AccountLinkProps {
  to: string;
  icon: ReactNode;
  title: string;
  /** A summary of the current state. */
  value: string;
}

export function AccountLink({ to, icon, title, value }: AccountLinkProps) {
  return (
    <li>
      <Link to={to} className={classes.link}>
        <span className={classes.icon} aria-hidden>
          {icon}
        </span>
        <span className={classes.text}>
          <span className={classes.title}>{title}</span> <span className={classes.value}>{value}</span>
        </span>
        <ChevronRight size={18} className={classes.chevron} aria-hidden />
      </Link>
    </li>
  );
}
