import '@fontsource-variable/bricolage-grotesque/wght.css';
import '@mantine/core/styles.css';
import './theme.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createSessionWatcher } from '@curfew/client';
import { preferredLanguage, showIn } from '../lib/language.ts';
import { createApolloClient } from '../lib/apollo.ts';
import { createIdentityConfirmation } from '../lib/identity-confirmation.ts';
import { App } from './app.tsx';

const watcher = createSessionWatcher({ url: '/graphql' });
const confirmation = createIdentityConfirmation(watcher);
const apollo = createApolloClient(watcher, confirmation);
watcher.start();
await showIn(preferredLanguage());

createRoot(document.getElementById('app')!).render(
  <StrictMode>
    <App watcher={watcher} apollo={apollo} confirmation={confirmation} />
  </StrictMode>,
);
