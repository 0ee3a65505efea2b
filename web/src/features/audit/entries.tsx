import { Text, VisuallyHidden } from '@mantine/core';
import {
  ArrowRight,
  Asterisk,
  LogIn,
  LogOut,
  type LucideIcon,
  SlidersHorizontal,
  TriangleAlert,
  UserRound,
} from 'lucide-react';
import { useSession } from '@curfew/client/react';
import { Ago } from '../../components/moment.tsx';
import type { AuditEntryFragment } from '../../generated/operations.ts';
import { describe, type Description } from './describe.ts';
import type { LimitChange } from './describe-policy-change.ts';
import classes from './entries.module.css';

/** A table on wide screens, a list on narrow ones. The roles are explicit because the CSS layout removes them. */
export function Entries({ entries }: { entries: AuditEntryFragment[] }) {
  return (
    <table role="table" className={classes.table} aria-label="Audit trail">
      <thead role="rowgroup">
        <tr role="row">
          <th role="columnheader" scope="col">
            What happened
          </th>
          <th role="columnheader" scope="col">
            From
          </th>
          <th role="columnheader" scope="col">
            When
          </th>
        </tr>
      </thead>
      <tbody role="rowgroup">
        {entries.map((entry) => (
          <Entry key={entry.id} entry={entry} />
        ))}
      </tbody>
    </table>
  );
}

const ICONS: Record<Description['kind'], LucideIcon> = {
  policy: SlidersHorizontal,
  'sign-in': LogIn,
  'sign-out': LogOut,
  alarm: TriangleAlert,
  person: UserRound,
  other: Asterisk,
};

function Entry({ entry }: { entry: AuditEntryFragment }) {
  const { user } = useSession();
  const { who, what, kind, limits, note, raw } = describe(entry);
  const Icon = ICONS[kind];
  const isYou = entry.actor !== null && entry.actor.id === user?.id;
  return (
    <tr role="row" className={classes.entry}>
      <td role="cell" className={classes.what}>
        <span className={classes.icon} data-kind={kind} aria-hidden>
          <Icon size={15} />
        </span>
        <div>
          <strong>{who}</strong>
          {isYou && <span className={classes.soft}> (you)</span>} {what}
          {limits && <LimitChanges limits={limits} />}
          {note && <div className={classes.soft}>{note}</div>}
          {raw && <RawDetails details={raw} />}
        </div>
      </td>
      <td role="cell" className={classes.soft}>
        {entry.ipAddress ?? <VisuallyHidden>No address recorded</VisuallyHidden>}
      </td>
      <td role="cell" className={classes.soft}>
        <Ago at={entry.createdAt} />
      </td>
    </tr>
  );
}

function LimitChanges({ limits }: { limits: LimitChange[] }) {
  return (
    <ul className={classes.limits}>
      {limits.map(({ name, before, after }) => (
        <li key={name}>
          {before === null ? (
            `${name} unchanged at ${after}`
          ) : (
            <>
              {name} <span className={classes.before}>{before}</span>{' '}
              <ArrowRight size={13} aria-hidden className={classes.arrow} />
              <VisuallyHidden>to</VisuallyHidden> <strong>{after}</strong>
            </>
          )}
        </li>
      ))}
    </ul>
  );
}

function RawDetails({ details }: { details: Record<string, unknown> }) {
  if (Object.keys(details).length === 0) return null;
  return (
    <details className={classes.raw}>
      <summary>Details</summary>
      <Text component="pre" size="xs" ff="monospace">
        {JSON.stringify(details, null, 2)}
      </Text>
    </details>
  );
}
