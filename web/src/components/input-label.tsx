import type { ComponentProps, ReactNode } from 'react';

/**
 * Mantine puts the text of a label beside an asterisk. Translators of browsers replace it, and React would go on writing to
 * the old one (see own-elements.tsx).
 */
export const InputLabel = ({
  children: [text, asterisk],
  ...others
}: ComponentProps<'label'> & { children: ReactNode[] }) => (
  <label {...others}>
    <span>{text}</span>
    {asterisk}
  </label>
);
