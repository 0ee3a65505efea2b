import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { inRoot } from '../operations/deploy-files.ts';

export const PYTHON_PATH = inRoot('clients/python');

export interface PythonPeer {
  /** Makes one call of the client, and resolves with its outcome. See `peer.py`. */
  call(call: string, curfew: object, given?: object, options?: { threads?: number }): Promise<any>;
  close(): void;
}

/** A process of Python that has the client, on which calls are made in their order. */
export function startPythonPeer(): PythonPeer {
  const child = spawn('python3', [inRoot('test/clients/peer.py')], {
    env: { PATH: process.env.PATH, PYTHONPATH: PYTHON_PATH, PYTHONDONTWRITEBYTECODE: '1' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async call(call, curfew, given = {}, options = {}) {
      child.stdin.write(`${JSON.stringify({ call, curfew, with: given, ...options })}\n`);
      const { value, done } = await lines.next();
      if (done === true) throw new Error(`Python ended during ${call}.`);
      return JSON.parse(value);
    },
    close: () => void child.stdin.end(),
  };
}
