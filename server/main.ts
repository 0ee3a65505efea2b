import closeWithGrace from 'close-with-grace';
import { createApp } from './app.ts';
import { loadConfig } from './config.ts';
import { readEnvironment } from './dotenv.ts';
import { createLogger } from './logger.ts';
import { printBanner } from './banner.ts';
import { ensureDemo } from './demo/demo.ts';
import { startupProblem } from './startup-problem.ts';

const SHUTDOWN_WITHIN_MS = 10_000;

try {
  const config = loadConfig(readEnvironment());
  const logger = createLogger(config.logLevel);
  const app = await createApp(config, logger);
  const demo = config.demo ? await ensureDemo(app, config) : null;
  closeWithGrace({ delay: SHUTDOWN_WITHIN_MS, logger: false }, async ({ signal, err }) => {
    if (err) logger.fatal({ err }, 'stopping after an error nobody handled');
    else logger.info({ signal }, 'stopping');
    await app.close();
  });
  printBanner(app.url, config, demo);
  logger.info({ url: app.url, database: app.database.kind }, 'listening');
} catch (error) {
  console.error(startupProblem(error));
  process.exitCode = 1;
}
