import { t } from '@lingui/core/macro';

/** The server's fixed words for what went wrong with a delivery, and the same in the language of the page. */
const KNOWN: readonly [pattern: RegExp, inWords: (detail: string) => string][] = [
  [/^The address is not public\.$/, () => t`The address is not public.`],
  [
    /^The receiver did not answer within 10 seconds\.$/,
    () => t`The receiver did not answer within 10 seconds.`,
  ],
  [/^The receiver could not be reached\.$/, () => t`The receiver could not be reached.`],
  [
    /^The receiver could not be reached \(([A-Z0-9_]+)\)\.$/,
    (detail) => t`The receiver could not be reached (${detail}).`,
  ],
  [
    /^The receiver closed the connection without an answer\.$/,
    () => t`The receiver closed the connection without an answer.`,
  ],
  [
    /^The receiver's answer is not valid HTTP \((\w+)\)\.$/,
    (detail) => t`The receiver’s answer is not valid HTTP (${detail}).`,
  ],
  [
    /^The receiver's certificate is not trusted \((\w+)\)\.$/,
    (detail) => t`The receiver’s certificate is not trusted (${detail}).`,
  ],
  [/^The receiver answered (\d+)\.$/, (detail) => t`The receiver answered ${detail}.`],
  [
    /^The receiver answered 410 \(gone\)\.$/,
    () => t`The receiver answered 410: it wants no more events, ever.`,
  ],
  [
    /^The receiver redirected \((\d+)\); redirects are not followed\.$/,
    (detail) => t`The receiver redirected (${detail}); redirects are not followed.`,
  ],
  [
    /^The receiver answered (\d+) in place of 202\.$/,
    (detail) => t`The receiver answered ${detail} in place of 202.`,
  ],
  [/^The receiver answered 400 \((\w+)\)\.$/, (detail) => t`The receiver answered 400 (${detail}).`],
  [
    /^The receiver's authorization cannot be read: its key was removed\. Give it once more, by stream management\.$/,
    () =>
      t`The receiver’s authorization cannot be read: its key was removed. It has to be given once more, by stream management.`,
  ],
  [/^The stream has no address\.$/, () => t`The stream has no address.`],
  [
    /^The stream's secret cannot be read: its key was removed\. Rotate the secret\.$/,
    () => t`The stream’s secret cannot be read: its key was removed. Rotate the secret.`,
  ],
  [/^The stream was disabled\.$/, () => t`The stream was disabled.`],
  [/^The stream was deleted\.$/, () => t`The stream was deleted.`],
];

/** Words that are not known here, such as those of a later version, are shown as they are. */
export function errorInWords(text: string): string {
  for (const [pattern, inWords] of KNOWN) {
    const match = pattern.exec(text);
    if (match) return inWords(match[1] ?? '');
  }
  return text;
}
