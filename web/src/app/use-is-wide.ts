import { useSyncExternalStore } from 'react';

/** Room for a side bar beside a page. In `em`, so that a larger font or zoom needs more. */
const WIDE = '(min-width: 58em)';

/** Whether the places stand beside the page. Only one of the two navigations exists at a time. */
export const useIsWide = (): boolean =>
  useSyncExternalStore(
    (onChange) => {
      const query = matchMedia(WIDE);
      query.addEventListener('change', onChange);
      return () => query.removeEventListener('change', onChange);
    },
    () => matchMedia(WIDE).matches,
  );
