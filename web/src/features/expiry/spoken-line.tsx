import { VisuallyHidden } from '@mantine/core';
import { useEffect, useState } from 'react';

const AFTER_MS = 150;

/** For screen readers. The line has to be there before its text: one that is born full is not read. */
export function SpokenLine({ text }: { text: string }) {
  const [said, say] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => say(text), AFTER_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return <VisuallyHidden role="status">{said}</VisuallyHidden>;
}
