import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { readArguments } from '../server/cli/arguments.ts';
import { checkClient } from './package/check-client.ts';
import { stageClient } from './package/client-package.ts';
import { stageServer } from './package/server-package.ts';
import { pack, root } from './package/staging.ts';

// Makes curfew-VERSION.tgz and curfew-client-VERSION.tgz in the root of the repository, or in the folder --to names.

const to = resolve(readArguments(process.argv.slice(2), { optional: ['to'] }).text('to') ?? root);
const staging = join(to === root ? root : to, 'dist');
const [server, client] = [join(staging, 'curfew'), join(staging, 'curfew-client')];
await Promise.all([stageServer(server), stageClient(client)]);
const packed = [await pack(server, to), await pack(client, to)];
await checkClient(packed[1]!);
await rm(server, { recursive: true });
await rm(client, { recursive: true });
for (const file of packed) console.log(file);
