import type { AppType } from '../generated/operations.ts';

const WORDS: Record<AppType, string> = { CONTROL_PANEL: 'Control panel', TENANT_APP: 'Your application' };

/** The application in which a session was started. */
export const appTypeInWords = (appType: AppType): string => WORDS[appType];
