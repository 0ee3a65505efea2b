import { type SessionWatcher } from '../watcher.ts';
import { type FakeBrowser } from './fake-browser.ts';

/**
 * After each test, stops the watchers in `running`, and expects that what was shown in the `browsers`, where every other
 * script of the origin can read it, had none of the `secrets` in it.
 */
export function cleanUpAfterEach(...secrets: string[]): {
  running: Set<SessionWatcher>;
  browsers: Set<FakeBrowser>;
} {
  const running = new Set<SessionWatcher>();
  const browsers = new Set<FakeBrowser>();
  afterEach(() => {
    for (const watcher of running) watcher.stop();
    running.clear();
    for (const { shown } of browsers)
      expect(shown.filter((text) => secrets.some((secret) => text.includes(secret)))).toEqual([]);
    browsers.clear();
  });
  return { running, browsers };
}
