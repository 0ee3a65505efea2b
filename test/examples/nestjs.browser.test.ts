import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeBuiltExample, testLines } from './built-example.ts';

testLines('nestjs', ['src/curfew.ts', 'src/session.controller.ts'], 'public/index.html');

await describeBuiltExample('nestjs', {
  args: ['dist/main.js'],
  hasSignInRoute: true,
  async prepare(folder, curfewUrl) {
    const page = join(folder, 'public/index.html');
    await writeFile(page, (await readFile(page, 'utf8')).replace('http://127.0.0.1:4000', curfewUrl));
  },
});
