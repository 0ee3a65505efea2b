import { Trans, useLingui } from '@lingui/react/macro';
import { Text, VisuallyHidden } from '@mantine/core';
import {
  Asterisk,
  LogIn,
  LogOut,
  type LucideIcon,
  SlidersHorizontal,
  TriangleAlert,
  UserRound,
} from 'lucide-react';
import type { ReactNode } from 'react';
import { useSession } from '@curfew/client/react';
import { Ago } from '../../components/moment.tsx';
import type { AuditEntryFragment } from '../../generated/audit-operations.ts';
import { entryKind, isKnownAction, type EntryKind } from './entry-kind.ts';
import { exactTime } from './exact-time.ts';
import { PolicyChange } from './policy-change-entry.tsx';
import { noteOf, Sentence } from './sentence.tsx';
import classes from './entries.module.css';

interface EntriesProps {
  entries: AuditEntryFragment[];
  label: string;
  /** What a reader can do about an entry, below it. */
  action?(entry: AuditEntryFragment): ReactNode;
}

/** A table on wide screens, a list on narrow ones. The roles are explicit because the CSS layout removes them. */
export function Entries({ entries, label, action }: EntriesProps) {
  return (
    <table role="table" className={classes.table} aria-label={label}>
      <thead role="rowgroup">
        <tr role="row">
          <th role="columnheader" scope="col">
            <Trans>What happened</Trans>
          </th>
          <th role="columnheader" scope="col">
            <Trans>From</Trans>
          </th>
          <th role="columnheader" scope="col">
            <Trans>When</Trans>
          </th>
        </tr>
      </thead>
      <tbody role="rowgroup">
        {entries.map((entry) => (
          <Entry key={entry.id} entry={entry} action={action?.(entry)} />
        ))}
      </tbody>
    </table>
  );
}

const ICONS: Record<EntryKind, LucideIcon> = {
  policy: SlidersHorizontal,
  'sign-in': LogIn,
  'sign-out': LogOut,
  alarm: TriangleAlert,
  person: UserRound,
  other: Asterisk,
};

function Entry({ entry, action }: { entry: AuditEntryFragment; action: ReactNode }) {
  const { user } = useSession();
  const { i18n } = useLingui();
  const kind = entryKind(entry.action);
  const Icon = ICONS[kind];
  const note = noteOf(entry);
  return (
    <tr role="row" className={classes.entry}>
      <td role="cell" className={classes.what}>
        <span className={classes.icon} data-kind={kind} aria-hidden>
          <Icon size={15} />
        </span>
        <div>
          <Sentence entry={entry} viewerId={user?.id} />
          {kind === 'policy' && <PolicyChange details={entry.details} />}
          {note && <div className={classes.soft}>{note}</div>}
          {!isKnownAction(entry.action) && <RawDetails details={entry.details} />}
          {action && <div className={classes.action}>{action}</div>}
        </div>
      </td>
      <td role="cell" className={classes.soft} data-empty={entry.ipAddress == null || undefined}>
        {entry.ipAddress ?? (
          <VisuallyHidden>
            <Trans>No address recorded</Trans>
          </VisuallyHidden>
        )}
      </td>
      <td role="cell" className={classes.when}>
        <div>{exactTime(new Date(entry.createdAt), i18n.locales ?? i18n.locale)}</div>
        <div className={classes.soft}>
          <Ago at={entry.createdAt} />
        </div>
      </td>
    </tr>
  );
}

function RawDetails({ details }: { details: Record<string, unknown> }) {
  if (Object.keys(details).length === 0) return null;
  return (
    <details className={classes.raw}>
      <summary>
        <Trans>Details</Trans>
      </summary>
      <Text component="pre" size="xs" ff="monospace">
        {JSON.stringify(details, null, 2)}
      </Text>
    </details>
  );
}
