import './config/node-env.ts';
import closeWithGrace from 'close-with-grace';
import type { App } from './app.ts';
import { printBanner } from './cli/banner.ts';
import { failStart } from './cli/startup-problem.ts';
import { loadConfig } from './config/config.ts';
import { readEnvironment } from './config/dotenv.ts';
import { createLogger } from './logger.ts';

const SHUTDOWN_TIMEOUT_MS = 10_000;
const ERROR_EVENTS = ['uncaughtException', 'unhandledRejection'] as const;

let opened: App | null = null;
try {
  const config = loadConfig(readEnvironment());
  const logger = createLogger(config.logLevel);
  // Loaded now: it takes most of the time of a start, and a bad setting is named without it.
  const [{ createApp }, { ensureDemo }] = await Promise.all([import('./app.ts'), import('./demo/demo.ts')]);
  const app = await createApp(config, logger);
  opened = app;
  const demo = config.demo ? await ensureDemo(app, config) : null;
  await app.listen();
  let fault: Error | null = null;
  const shutdown = closeWithGrace(
    { delay: SHUTDOWN_TIMEOUT_MS, logger: false, skip: [...ERROR_EVENTS] },
    async ({ signal }) => {
      if (!fault) logger.info({ signal }, 'stopping');
      await app.close();
      // Rethrown, so that the exit code is 1.
      if (fault) throw fault;
    },
  );
  for (const event of ERROR_EVENTS) {
    process.on(event, (err: Error) => {
      if (app.endRequest(err)) return logger.error({ err }, 'ended a request after an unhandled error');
      logger.fatal({ err }, 'stopping after an unhandled error');
      if (fault) process.exit(1);
      fault = err instanceof Error ? err : new Error(String(err));
      void shutdown.close();
    });
  }
  printBanner(app.url, config, demo);
  logger.info({ url: app.url, database: app.database.kind }, 'listening');
} catch (error) {
  await failStart(error, async () => opened?.close());
}
