import { useLingui } from '@lingui/react';
import { useSession } from '@curfew/client/react';
import { agoInWords, exactMoment, momentInSentence, momentInWords } from '../lib/moment.ts';
import { useNow } from './now.tsx';

interface MomentProps {
  /** RFC 3339. */
  at: string;
}

/** A past moment as `5 minutes ago`, with the exact time as a tooltip. */
export function Ago({ at }: MomentProps) {
  const { local } = useMoment(at);
  const moment = new Date(at);
  const now = useNow();
  // The page's clock moves in steps, so a very recent moment may lie ahead of it.
  return (
    <time dateTime={at} title={exactMoment(local)}>
      {agoInWords(moment, now < moment ? moment : now)}
    </time>
  );
}

/** `14:32` or `23 Nov at 14:32` on this computer's clock; within a sentence `at 14:32` or `on 23 Nov at 14:32`. */
export function At({ at, isInSentence }: MomentProps & { isInSentence?: boolean }) {
  const { local, localNow } = useMoment(at);
  return (
    <time dateTime={at} title={exactMoment(local)}>
      {isInSentence ? momentInSentence(local, localNow) : momentInWords(local, localNow)}
    </time>
  );
}

function useMoment(at: string): { local: Date; localNow: Date } {
  // Another language renders the words again.
  useLingui();
  const { watcher } = useSession();
  return { local: watcher.toLocal(Date.parse(at)), localNow: watcher.toLocal(useNow().getTime()) };
}
