import { pino } from 'pino';
import type { Logger } from '../server/logger.ts';

/** A logger with readable lines. */
export function collectLog(): { logger: Logger; lines: Record<string, any>[]; text(): string } {
  const lines: Record<string, any>[] = [];
  const logger = pino(
    { level: 'trace', base: null },
    { write: (line: string) => void lines.push(JSON.parse(line)) },
  );
  return { logger, lines, text: () => JSON.stringify(lines) };
}
