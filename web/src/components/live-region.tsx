import { VisuallyHidden } from '@mantine/core';
import { useEffect, useState } from 'react';

const ANNOUNCE_DELAY_MS = 150;

/** Announces text to screen readers. A live region has to exist before its text, so the text follows after a delay. */
export function LiveRegion({ text }: { text: string }) {
  const [announced, setAnnounced] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setAnnounced(text), ANNOUNCE_DELAY_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return <VisuallyHidden role="status">{announced}</VisuallyHidden>;
}
