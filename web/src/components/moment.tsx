import { useSession } from '@curfew/client/react';
import { agoInWords, exactMoment, momentInWords } from '../lib/moment.ts';
import { useNow } from './now.tsx';

interface MomentProps {
  /** RFC 3339, as the server sends it. */
  at: string;
}

/** `5 minutes ago` of what has happened, with the whole moment as a tooltip. */
export function Ago({ at }: MomentProps) {
  const { local } = useMoment(at);
  const moment = new Date(at);
  const now = useNow();
  // The page's time moves in steps: what has happened since the last one is not to come.
  return (
    <time dateTime={at} title={exactMoment(local)}>
      {agoInWords(moment, now < moment ? moment : now)}
    </time>
  );
}

/** `14:32` or `23 Nov, 14:32`, on this computer's clock. */
export function At({ at }: MomentProps) {
  const { local, localNow } = useMoment(at);
  return (
    <time dateTime={at} title={exactMoment(local)}>
      {momentInWords(local, localNow)}
    </time>
  );
}

function useMoment(at: string): { local: Date; localNow: Date } {
  const { watcher } = useSession();
  return { local: watcher.toLocal(Date.parse(at)), localNow: watcher.toLocal(useNow().getTime()) };
}
