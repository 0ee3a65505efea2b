import { spawn } from 'node:child_process';

// Runs a command that ends when the parent process ends, even when it is killed: the operating system then closes this
// process's standard input.
const [command, ...args] = process.argv.slice(2);
const child = spawn(command!, args, { stdio: ['ignore', 'inherit', 'inherit'] });

process.stdin.resume().once('close', () => child.kill('SIGTERM'));
// A terminal sends Ctrl-C to all its processes. The parent decides when the command ends.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => child.kill('SIGTERM'));
child.once('error', (error) => {
  console.error(error.message);
  process.exit(1);
});
child.once('exit', (code) => process.exit(code ?? 0));
