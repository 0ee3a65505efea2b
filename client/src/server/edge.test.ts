import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import * as edge from './edge.ts';
import * as kit from './index.ts';

test('in an edge runtime the kit says that it needs Node.js', async () => {
  const conditions = ['curfew-source', 'edge-light'].map((condition) => `--conditions=${condition}`);
  const script = "import { connectCurfew } from '@curfew/client/server'; connectCurfew({})";
  const args = [...conditions, '--input-type=module', '--eval', script];
  await expect(promisify(execFile)(process.execPath, args)).rejects.toThrow('needs Node.js');
  // A bundler would name a missing export in place of the reason.
  expect(Object.keys(edge).toSorted()).toEqual(Object.keys(kit).toSorted());
});
