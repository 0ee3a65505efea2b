import { useState } from 'react';
import { nextAnnouncement, SILENCE, type Warning } from './announcement.ts';

/** The sentence for the status line. It changes when there is something to say, and only then. */
export function useAnnouncement(warning: Warning | null, isSignedIn: boolean): string {
  const [last, setLast] = useState(SILENCE);
  const next = nextAnnouncement(last, warning, isSignedIn);
  if (next !== last) setLast(next);
  return next.text;
}
