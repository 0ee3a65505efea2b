import { Anchor } from '@mantine/core';
import { type ReactNode, useEffect } from 'react';
import { Brand } from '../../components/brand.tsx';
import { ColorSchemeButton } from '../../components/color-scheme-button.tsx';
import classes from './gate.module.css';

interface GateProps {
  /** The document's title. */
  title: string;
  children: ReactNode;
}

/** What is around the pages before a session: one card, and the few ways that are open to everybody. */
export function Gate({ title, children }: GateProps) {
  useEffect(() => {
    document.title = `${title} · Curfew`;
  }, [title]);
  return (
    <div className={classes.gate}>
      <header className={classes.top}>
        <Brand />
        <ColorSchemeButton />
      </header>
      <main className={classes.main}>
        <div className={classes.card}>{children}</div>
      </main>
      <footer className={classes.footer}>
        <Anchor href="/graphiql" size="sm">
          GraphiQL
        </Anchor>
      </footer>
    </div>
  );
}
