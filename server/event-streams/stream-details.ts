import type { EventStreamView } from './event-stream.ts';

// A stream in the audit trail.

type Shown = Pick<EventStreamView, 'url' | 'description' | 'eventTypes' | 'subjectFormat' | 'status'>;

/** Without the path and query of the address, which may hold a token of the receiver's. */
export const toDetails = ({ url, description, eventTypes, subjectFormat, status }: Shown) => ({
  origin: url === null ? null : new URL(url).origin,
  description,
  event_types: eventTypes,
  subject_format: subjectFormat,
  status,
});

/** What an update made different, before and after. */
export function changedDetails(before: Shown, after: Shown): Record<string, unknown> {
  const [old, next] = [toDetails(before), toDetails(after)] as [
    Record<string, unknown>,
    Record<string, unknown>,
  ];
  const changed = Object.keys(next).filter(
    (name) => JSON.stringify(old[name]) !== JSON.stringify(next[name]),
  );
  const only = (details: Record<string, unknown>) =>
    Object.fromEntries(changed.map((name) => [name, details[name]]));
  return { old: only(old), new: only(next), ...(before.url === after.url ? {} : { url_changed: true }) };
}
