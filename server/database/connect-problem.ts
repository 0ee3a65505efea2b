import { errorChain } from '../error-chain.ts';
import { StartError } from '../start-error.ts';
import { probeServer } from './probe-server.ts';

/** Where DATABASE_URL leads, as the driver reads it. */
export interface Target {
  host: string;
  port: number;
  user: string;
  database: string;
}

/** Turns a failure of the first connection into a sentence for the operator. */
export async function toConnectProblem(error: unknown, target: Target): Promise<StartError> {
  const problem = describe(error, target) ?? (await describeSilence(error, target));
  return new StartError(`DATABASE_URL: ${problem}.`, error);
}

/** By SQLSTATE or Node's code. The messages of the server name roles and databases and never a password. */
function describe(error: unknown, { host, port, user, database }: Target): string | null {
  const server = `${host}:${port}`;
  const codes = codesOf(error);
  const has = (...known: string[]): boolean => known.some((code) => codes.includes(code));
  if (has('ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL'))
    return `the host ${host} has no address here: correct its name, or this machine's DNS`;
  if (has('ECONNREFUSED'))
    return `nothing listens at ${server}: start PostgreSQL there, or correct host and port`;
  if (has('ENOENT'))
    return `there is no socket of PostgreSQL in ${host} for port ${port}: correct the folder`;
  if (has('EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN', 'ENETDOWN'))
    return `no network leads to ${server}: correct the host, or the network of this machine`;
  if (has('28P01'))
    return `PostgreSQL at ${server} refuses the password of the role ${user}: correct user and password (percent-encoded)`;
  if (has('28000'))
    return `PostgreSQL at ${server} refuses the role ${user} (${messageOf(error)}): create the role, or allow it in pg_hba.conf`;
  if (/client password must be a/.test(messageOf(error)))
    return `PostgreSQL at ${server} asks for a password of the role ${user}: add it as user:password@`;
  if (has('3D000'))
    return `there is no database ${database} at ${server}: create it, or correct its name; Curfew creates none`;
  if (has('25006'))
    return `the database at ${server} accepts no writes (${messageOf(error)}): name the primary server`;
  if (codes.some((code) => code.startsWith('53')))
    return `PostgreSQL at ${server} has no room for another connection (${messageOf(error)}): free some, or raise its limit`;
  if (codes.some((code) => code.startsWith('57P')))
    return `PostgreSQL at ${server} is starting or stopping (${messageOf(error)}): start Curfew when it is up`;
  if (has('42501')) return `the role ${user} lacks a right (${messageOf(error)}): ${GRANT}`;
  if (codes.some((code) => TLS.test(code)))
    return `the certificate of PostgreSQL at ${server} is not trusted (${messageOf(error)}): name its authority in sslrootcert, or correct the host`;
  return null;
}

export const GRANT =
  'grant it, or run "npm run migrate" as the owner of the schema and give this role SELECT, INSERT, UPDATE and DELETE on all tables and USAGE on all sequences';

/** Codes of OpenSSL and of Node's check of the host name. */
const TLS = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS|ERR_SSL|EPROTO/;

async function describeSilence(error: unknown, { host, port }: Target): Promise<string> {
  const server = `${host}:${port}`;
  switch (await probeServer(host, port)) {
    case 'another program':
      return `the program at ${server} is not PostgreSQL: correct host and port`;
    case 'silent':
      return `the server at ${server} accepts connections and does not answer: correct host and port, or restart it`;
    case 'unreachable':
      return `nothing answers at ${server} in time: correct host and port, or let this machine through the firewall`;
    default:
      return `PostgreSQL at ${server} cannot be used (${messageOf(error)}): correct its settings, or the URL`;
  }
}

const codesOf = (error: unknown): string[] =>
  [...errorChain(error)].map(({ code }) => code).filter((code) => typeof code === 'string');

/** On one line, and without a full stop of its own. */
export function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replaceAll(/\s+/g, ' ').trim().replace(/\.$/, '');
}
