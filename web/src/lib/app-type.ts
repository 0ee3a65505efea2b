import type { MessageDescriptor } from '@lingui/core';
import { i18n } from '@lingui/core';
import { msg } from '@lingui/core/macro';
import type { AppType } from '../generated/account-operations.ts';

const WORDS: Record<AppType, MessageDescriptor> = {
  CONTROL_PANEL: msg`Control panel`,
  TENANT_APP: msg`Your application`,
};

/** The application in which a session was started. */
export const appTypeInWords = (appType: AppType): string => i18n._(WORDS[appType]);
