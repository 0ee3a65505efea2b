import { once } from 'node:events';
import { inTestSetting } from './test-setting.ts';

// Prepares a test setting for the process that forked this one: sends it as a message, since stdout has what a build of the
// pages says, and removes it when that process disconnects.

try {
  await inTestSetting(async (setting) => {
    process.send!(setting);
    await once(process, 'disconnect');
  });
  process.exit(0);
} catch (error) {
  console.error(error);
  process.exit(1);
}
