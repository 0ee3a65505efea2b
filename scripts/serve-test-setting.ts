import { once } from 'node:events';
import { inTestSetting } from './test-setting.ts';

// Prepares a test setting for another process: prints it on stdout and removes it when stdin ends.

try {
  await inTestSetting(async (setting) => {
    console.log(JSON.stringify(setting));
    await once(process.stdin.resume(), 'end');
  });
  process.exit(0);
} catch (error) {
  console.error(error);
  process.exit(1);
}
