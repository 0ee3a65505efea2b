import type { Messages } from '@lingui/core';

/**
 * The texts of the pages behind the sign-in, by place and language. A module of its own, so that the sign-in page does
 * not load the list.
 */
export const SIGNED_IN_CATALOGS = import.meta.glob<{ messages: Messages }>([
  '../app/locales/*.po',
  '../features/*/locales/*.po',
]);
