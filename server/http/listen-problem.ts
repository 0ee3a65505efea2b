import { StartError } from '../start-error.ts';

/** Turns a failure to listen into a sentence for the operator. */
export function toListenProblem(error: unknown, { host, port }: { host: string; port: number }): StartError {
  const { code = 'unknown' } = error as NodeJS.ErrnoException;
  return new StartError(describe(code, host, port), error);
}

function describe(code: string, host: string, port: number): string {
  switch (code) {
    case 'EADDRINUSE':
      return `Port ${port} is in use: stop the program that uses it, or choose another PORT.`;
    case 'EACCES':
    case 'EPERM':
      return `This user may not listen on port ${port}: choose another PORT.`;
    case 'EADDRNOTAVAIL':
      return `HOST is ${host}, which is no address of this machine: choose one of its own, such as 127.0.0.1 or 0.0.0.0.`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EAI_FAIL':
      return `HOST is ${host}, a name without an address here: correct it, or choose an address such as 127.0.0.1.`;
    case 'EAFNOSUPPORT':
      return `HOST is ${host}, and this machine has no network of that kind: choose an address such as 127.0.0.1.`;
    default:
      return `Curfew cannot listen on HOST ${host} and PORT ${port} (${code}): choose others.`;
  }
}
