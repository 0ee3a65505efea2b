import { bulk } from './bulk.ts';
import { growth } from './growth.ts';
import { list } from './list.ts';
import { drawPicture } from './picture.ts';
import { refresh } from './refresh.ts';
import { revoke } from './revoke.ts';
import { sockets } from './sockets.ts';
import { start } from './start.ts';
import { validate } from './validate.ts';

const benches: Record<string, () => Promise<void>> = {
  validate,
  refresh,
  sockets,
  revoke,
  bulk,
  list,
  start,
  growth,
};
const commands: Record<string, () => Promise<void>> = { ...benches, picture: drawPicture };

const names = process.argv.slice(2);
const wanted = names.includes('all') ? Object.keys(benches) : names;
const unknown = wanted.filter((name) => !Object.hasOwn(commands, name));
if (wanted.length === 0 || unknown.length > 0) {
  console.error(`Usage: npm run bench -- NAME... | all | picture\nNames: ${Object.keys(benches).join(', ')}`);
  process.exit(1);
}
for (const name of wanted) await commands[name]!();
