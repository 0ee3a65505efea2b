import type { AppType } from '../generated/operations.ts';

const WORDS: Record<AppType, string> = { CONTROL_PANEL: 'Control panel', TENANT_APP: 'Your application' };

/** The kind of application that a session was started from. */
export const appTypeInWords = (appType: AppType): string => WORDS[appType];
