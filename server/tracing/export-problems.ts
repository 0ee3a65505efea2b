import type { DiagLogger } from '@opentelemetry/api';
import type { Logger } from '../logger.ts';

/** A collector that is down fails every few seconds. One line a minute says so. */
const EVERY_MS = 60_000;

/** The library's own messages repeat what it was to send, so they are not logged; that it cannot send is. */
export function reportExportProblems(logger: Logger): DiagLogger {
  let reportedAt = -Infinity;

  function report(): void {
    if (performance.now() - reportedAt < EVERY_MS) return;
    reportedAt = performance.now();
    logger.warn(
      { part: 'traces' },
      'could not send traces; check the OTEL_EXPORTER_OTLP_ variables and the collector',
    );
  }

  const ignore = (): void => {};
  return { error: report, warn: report, info: ignore, debug: ignore, verbose: ignore };
}
