import { Anchor, Box } from '@mantine/core';
import { Cookie } from 'lucide-react';
import { type ReactNode, useEffect } from 'react';
import { Brand } from '../../components/brand.tsx';
import { ColorSchemeButton } from '../../components/color-scheme-button.tsx';
import { Notice } from '../../components/notice.tsx';
import { areCookiesDenied, cookiesNeeded } from '../../lib/cookies.ts';
import { LanguageChoice } from './language-choice.tsx';
import classes from './sign-in-layout.module.css';

interface SignInLayoutProps {
  /** The document title. */
  title: string;
  children: ReactNode;
}

/** The layout of the pages without a session: one card and the links open to everyone. */
export function SignInLayout({ title, children }: SignInLayoutProps) {
  useEffect(() => {
    document.title = `${title} · Curfew`;
  }, [title]);
  return (
    <div className={classes.layout}>
      <header className={classes.top}>
        <Brand />
        <ColorSchemeButton />
      </header>
      <main className={classes.main}>
        <div className={classes.card}>
          {areCookiesDenied() && (
            <Box mb="md">
              <Notice tone="amber" icon={<Cookie size={18} />}>
                {cookiesNeeded()}
              </Notice>
            </Box>
          )}
          {children}
        </div>
      </main>
      <footer className={classes.footer}>
        <LanguageChoice />
        <Anchor href="/graphiql" size="sm">
          GraphiQL
        </Anchor>
      </footer>
    </div>
  );
}
