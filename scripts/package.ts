import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { readArguments } from '../server/cli/arguments.ts';
import { checkClient } from './package/check-client.ts';
import { stageServer } from './package/server-package.ts';
import { pack, root } from './package/staging.ts';

// Makes curfew-VERSION.tgz and curfew-client-VERSION.tgz in the root of the repository, or in the folder --to names.

const to = resolve(readArguments(process.argv.slice(2), { optional: ['to'] }).text('to') ?? root);
const staging = join(to === root ? root : to, 'dist');
const server = join(staging, 'curfew');
// The client is packed as `npm pack` does it in its folder, which builds it first.
const packed = await Promise.all([packServer(), pack(join(root, 'client'), to)]);
await checkClient(packed[1]);
for (const file of packed) console.log(file);

async function packServer(): Promise<string> {
  await stageServer(server);
  const file = await pack(server, to);
  await rm(server, { recursive: true });
  return file;
}
