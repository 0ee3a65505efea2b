import { useDocumentVisibility } from '@mantine/hooks';
import { useEffect } from 'react';

/** While the page is out of sight its tab says `title`; the page's own title comes back with the page. Null: nothing to say. */
export function useHiddenTitle(title: string | null): void {
  const isShown = useDocumentVisibility() === 'hidden' && title !== null;

  useEffect(() => {
    if (!isShown) return;
    const own = document.title;
    return () => {
      // Not over the title of a page that was gone to meanwhile.
      if (isOurs(document.title)) document.title = own;
    };
  }, [isShown]);

  useEffect(() => {
    if (isShown) document.title = `${title}${ENDING}`;
  }, [isShown, title]);
}

const ENDING = ' Session ends · Curfew';
const isOurs = (title: string): boolean => title.endsWith(ENDING);
