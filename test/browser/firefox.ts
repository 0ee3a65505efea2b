import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { firefox } from 'playwright-core';
import { type TestBrowser, toTestBrowser } from './browser.ts';

/** The command of the installed Firefox: Debian's package `firefox-esr`, else any. Null: there is none. */
export const FIREFOX: string | null =
  ['firefox-esr', 'firefox'].find((name) => spawnSync(name, ['--version']).status === 0) ?? null;

/**
 * Starts the installed Firefox, over WebDriver BiDi. `fill` does not reach fields that React controls there: type.
 * Emulated media, such as the colour scheme, have no effect.
 */
export async function launchFirefox(): Promise<TestBrowser> {
  if (FIREFOX === null) throw new Error("There is no Firefox. Install Debian's package firefox-esr.");
  return toTestBrowser(
    await firefox.launch({
      channel: 'moz-firefox',
      executablePath: join(import.meta.dirname, 'firefox-relay.ts'),
      env: { ...process.env, TEST_FIREFOX: FIREFOX },
    }),
  );
}
