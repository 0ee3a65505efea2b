import { spawnSync } from 'node:child_process';

/** Whether the commands of the guides can run: they are for bash and curl. */
export const hasShell = ['bash', 'curl'].every((name) => spawnSync(name, ['--version']).status === 0);
