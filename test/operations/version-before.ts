import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/**
 * The server, migrations and schema of version 0.1.0, without its tests. A release puts its own predecessor here:
 * `git archive COMMIT server migrations schema.graphql package.json ':!server/**\/*.test.ts' | gzip -9n`.
 */
const ARCHIVE = join(import.meta.dirname, 'version-0.1.0.tar.gz');
/** Also has what that version alone needs: @fastify/helmet is a development dependency for it. */
const PACKAGES = resolve(import.meta.dirname, '../../node_modules');

/** Unpacks the version before this one, to run beside it with the packages of this one. */
export function unpackVersionBefore(): { server: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'curfew-version-before-'));
  execFileSync('tar', ['-xzf', ARCHIVE, '-C', folder]);
  symlinkSync(PACKAGES, join(folder, 'node_modules'));
  return {
    server: join(folder, 'server/main.ts'),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
