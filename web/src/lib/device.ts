import { t } from '@lingui/core/macro';

/** The device that the server read from the user agent. */
export const deviceInWords = (device: string | null): string => device ?? t`Unknown device`;
