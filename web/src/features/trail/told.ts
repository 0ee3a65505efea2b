import type { ReactNode } from 'react';
import type { AuditEntryFragment } from '../../generated/audit-operations.ts';

/** What the sentences of an entry are made of. */
export interface Told {
  who: ReactNode;
  whom: ReactNode;
  /** The actor did it to themself. */
  isOwn: boolean;
  /** A trusted back end did it: `who` is the name of its key. */
  isApplication: boolean;
  details: AuditEntryFragment['details'];
}

/** Nothing for an e-mail that went with its user. */
export const inBrackets = (value: unknown): string => (typeof value === 'string' ? ` (${value})` : '');

export const countOf = (value: unknown): number | null => (typeof value === 'number' ? value : null);
