import '@fontsource-variable/bricolage-grotesque/wght.css';
import '@mantine/core/styles.css';
import './theme.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createSessionWatcher } from '@curfew/client';
import { preferredLanguage, showIn } from '../lib/language.ts';
import { createApolloClient } from '../lib/apollo.ts';
import { App } from './app.tsx';

const watcher = createSessionWatcher({ url: '/graphql' });
const apollo = createApolloClient(watcher);
watcher.start();
await showIn(preferredLanguage());

createRoot(document.getElementById('app')!).render(
  <StrictMode>
    <App watcher={watcher} apollo={apollo} />
  </StrictMode>,
);
