import { t } from '@lingui/core/macro';
import { useDocumentVisibility } from '@mantine/hooks';
import { useEffect } from 'react';

/** Shows `title` on the tab while the page is in the background, and restores the page's own title afterwards. */
export function useBackgroundTitle(title: string | null): void {
  const isActive = useDocumentVisibility() === 'hidden' && title !== null;

  useEffect(() => {
    if (!isActive) return;
    const original = document.title;
    return () => {
      // The user may have navigated: keep the title of the new page.
      if (hasSuffix(document.title)) document.title = original;
    };
  }, [isActive]);

  useEffect(() => {
    if (isActive) document.title = `${title}${suffix()}`;
  }, [isActive, title]);
}

const suffix = (): string => ` ${t`Session ends`} · Curfew`;
const hasSuffix = (title: string): boolean => title.endsWith(suffix());
