import { bulk } from './bulk.ts';
import { events } from './events.ts';
import { exportTrail } from './export.ts';
import { growth } from './growth.ts';
import { kit } from './kit.ts';
import { list } from './list.ts';
import { nodes } from './nodes.ts';
import { drawPicture } from './picture.ts';
import { refresh } from './refresh.ts';
import { revoke } from './revoke.ts';
import { sockets } from './sockets.ts';
import { start } from './start.ts';
import { validate } from './validate.ts';
import { serveForWrk } from './wrk.ts';

const benches: Record<string, () => Promise<void>> = {
  validate,
  refresh,
  kit,
  sockets,
  revoke,
  bulk,
  list,
  nodes,
  events,
  start,
  export: exportTrail,
  growth,
};
const commands: Record<string, () => Promise<void>> = {
  ...benches,
  picture: drawPicture,
  wrk: serveForWrk,
};

const names = process.argv.slice(2);
const wanted = names.includes('all') ? Object.keys(benches) : names;
const unknown = wanted.filter((name) => !Object.hasOwn(commands, name));
if (wanted.length === 0 || unknown.length > 0) {
  console.error(
    `Usage: npm run bench -- NAME... | all | picture | wrk\nNames: ${Object.keys(benches).join(', ')}`,
  );
  process.exit(1);
}
for (const name of wanted) await commands[name]!();
