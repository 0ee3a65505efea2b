import { useState } from 'react';
import { nextAnnouncement, SILENCE, type Warning } from './expiry-announcement.ts';

/** The text for the live region. It changes only when a new announcement is due. */
export function useExpiryAnnouncement(warning: Warning | null, isSignedIn: boolean): string {
  const [last, setLast] = useState(SILENCE);
  const next = nextAnnouncement(last, warning, isSignedIn);
  if (next !== last) setLast(next);
  return next.text;
}
