import { type ReactNode, useEffect, useState } from 'react';

/** Shows its content after 200 ms, so that a quick response does not flash a skeleton. */
export function Delayed({ children }: { children: ReactNode }) {
  const [isDue, setDue] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setDue(true), 200);
    return () => clearTimeout(timer);
  }, []);
  return isDue ? children : null;
}
