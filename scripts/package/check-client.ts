import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { root, runProgram } from './staging.ts';

/**
 * Checks that every entry of the packed client resolves, with its types, wherever it says so.
 * @throws with what publint or Are The Types Wrong finds
 */
export async function checkClient(file: string): Promise<void> {
  const content = await readFile(file);
  const tarball = content.buffer.slice(content.byteOffset, content.byteOffset + content.byteLength);
  const { messages, pkg } = await publint({ pack: { tarball }, strict: true });
  if (messages.length > 0) {
    const problems = messages.map((message) => formatMessage(message, pkg, { color: false }));
    throw new Error(`publint finds in ${basename(file)}:\n${problems.join('\n')}`);
  }
  // A page loads these files by itself. They are never required.
  const attw = join(root, 'node_modules/@arethetypeswrong/cli/dist/index.js');
  await runProgram(
    process.execPath,
    [attw, file, '--exclude-entrypoints', './browser', './browser/notice'],
    root,
  );
}
