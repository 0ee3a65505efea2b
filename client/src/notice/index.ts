import { defineCurfewNotice } from './curfew-notice.ts';
import { loadTexts } from './messages/load-texts.ts';

export {
  CurfewNotice,
  type CurfewExpiredEvent,
  type CurfewExtendedEvent,
  type CurfewReauthenticateEvent,
  type CurfewRevokedEvent,
} from './curfew-notice.ts';
export { type NoticeTexts, type PluralText } from './messages/texts.ts';
export { createSessionWatcher } from '../session-watcher.ts';

// A bundler puts this module somewhere else: only `script.ts` knows where Curfew is.
defineCurfewNotice(null, loadTexts);
