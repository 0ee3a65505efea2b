import { spawn } from 'node:child_process';

// Runs a command that ends when whoever started this ends, however that happens: killed, too. Standard input is the
// leash; the operating system lets go of it with the process that holds the other end.
const [command, ...args] = process.argv.slice(2);
const child = spawn(command!, args, { stdio: ['ignore', 'inherit', 'inherit'] });

process.stdin.resume().once('close', () => child.kill('SIGTERM'));
// A terminal sends Ctrl-C to everybody in it; who holds the leash decides when to let go.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => child.kill('SIGTERM'));
child.once('error', (error) => {
  console.error(error.message);
  process.exit(1);
});
child.once('exit', (code) => process.exit(code ?? 0));
