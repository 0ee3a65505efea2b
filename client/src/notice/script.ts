import { defineCurfewNotice } from './curfew-notice.ts';
import { type LoadTexts } from './messages/text-store.ts';

// What Curfew serves as /notice.js: it knows from its own address where Curfew is.
export { CurfewNotice } from './curfew-notice.ts';
export { createSessionWatcher } from '../session-watcher.ts';

// Not in one expression, which Vite would take for a file to put into the bundle.
const { url } = import.meta;

/** From beside this module, by the same right of a content security policy. The build puts them there. */
const loadTexts: LoadTexts = async (language, failures) => {
  const address = new URL(`notice/${language}.js`, url);
  // Browsers remember for an address that its module could not be loaded.
  if (failures > 0) address.search = `retry=${failures}`;
  const module = (await import(/* @vite-ignore */ address.href)) as Record<
    typeof language,
    Awaited<ReturnType<LoadTexts>>
  >;
  return module[language];
};

defineCurfewNotice(new URL('.', url).href, loadTexts);
