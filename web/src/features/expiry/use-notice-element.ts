import { useEffect, useState } from 'react';
import { useSession } from '@curfew/client/react';

/** Long enough for the page itself to be loaded first. */
const LOAD_DELAY_MS = 1000;

/**
 * Whether `<curfew-notice>` is defined. It is loaded right after the page, because there may be no connection when it is
 * needed, and at once when there is a warning. What failed is tried again when the warning or the connection changes.
 */
export function useNoticeElement(): boolean {
  const { warning, connection } = useSession();
  const [isDefined, setDefined] = useState(() => customElements.get('curfew-notice') !== undefined);
  useEffect(() => {
    if (isDefined) return;
    let isCurrent = true;
    const load = () =>
      defineNotice().then(
        () => isCurrent && setDefined(true),
        () => {},
      );
    const timer = setTimeout(() => void load(), warning === 'none' ? LOAD_DELAY_MS : 0);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [isDefined, warning, connection]);
  return isDefined;
}

/**
 * Browsers keep that a module could not be loaded, and do not ask for it again; and after an update of Curfew the file of
 * this page's build is gone. The same element comes from the script for other pages, by an address that is always new.
 */
const defineNotice = (): Promise<unknown> =>
  import('@curfew/client/notice').catch(() => import(/* @vite-ignore */ `/notice.js?at=${Date.now()}`));
