import { t } from '@lingui/core/macro';

/** The device that the server read from the user agent: `Firefox on Linux`, or one of the two names. */
export function deviceInWords(device: string | null): string {
  if (device === null) return t`Unknown device`;
  const [browser, system] = device.split(' on ');
  return browser && system ? t`${browser} on ${system}` : device;
}
