import { plural } from '@lingui/core/macro';
import { useState } from 'react';
import { nextAnnouncement, SILENCE, type Warning } from '../../../client/src/notice/announcement.ts';

/**
 * The text for the live region of a dialog over the page, out of which the notice is not heard. It changes only when a new
 * announcement is due.
 */
export function useExpiryAnnouncement(warning: Warning | null): string {
  const [last, setLast] = useState(SILENCE);
  const next = nextAnnouncement(last, warning, true);
  if (next !== last) setLast(next);
  return next.mark === null ? '' : sentence(next.mark);
}

function sentence(mark: number): string {
  return mark < 60
    ? plural(mark, {
        one: 'You’ll be signed out in # second.',
        other: 'You’ll be signed out in # seconds.',
      })
    : plural(mark / 60, {
        one: 'You’ll be signed out in # minute.',
        other: 'You’ll be signed out in # minutes.',
      });
}
