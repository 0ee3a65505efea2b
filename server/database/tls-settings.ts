import { existsSync, readFileSync, statSync } from 'node:fs';
import { isIP } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import {
  checkServerIdentity,
  createSecureContext,
  getCACertificates,
  type ConnectionOptions,
  type SecureVersion,
} from 'node:tls';
import type { ParameterFault, Parameters } from './connection-parameters.ts';
import { isOnThisMachine } from './this-machine.ts';

/** One way to connect: with these settings of TLS, or without TLS. */
export type TlsAttempt =
  | { readonly tls: null }
  | { readonly tls: ConnectionOptions; /** Without asking the server first. */ readonly isDirect: boolean };

type NameOf = (parameter: string, variable: string | null) => string;

const MODES = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'] as const;
type Mode = (typeof MODES)[number];

const PLAIN: TlsAttempt = { tls: null };
const HOME = join(homedir(), '.postgresql');

/**
 * Reads what `sslmode` and the parameters beside it ask for, with libpq's meaning and its default files in
 * `~/.postgresql`. Without `sslmode` it is `prefer`; on this very machine `allow`, because TLS hides nothing there.
 */
export function readTls(
  parameters: Parameters,
  host: string,
  nameOf: NameOf,
): { attempts: readonly TlsAttempt[]; faults: ParameterFault[] } {
  const faults: ParameterFault[] = [];
  const fault = (parameter: string, variable: string | null, problem: string): void =>
    void faults.push({ variable: nameOf(parameter, variable), problem });

  // As for libpq: a socket never has TLS.
  if (host.startsWith('/')) return { attempts: [PLAIN], faults };
  const isSystem = parameters.get('sslrootcert') === 'system';
  const given = parameters.get('sslmode') ?? (parameters.get('ssl') === 'true' ? 'require' : undefined);
  const mode =
    MODES.find((each) => each === given) ??
    (isSystem ? 'verify-full' : isOnThisMachine(host) ? 'allow' : 'prefer');
  if (isSystem && mode !== 'verify-full')
    fault('sslmode', 'PGSSLMODE', 'sslmode is too weak for sslrootcert=system; expected verify-full');
  const isDirect = parameters.get('sslnegotiation') === 'direct';
  if (isDirect && !['require', 'verify-ca', 'verify-full'].includes(mode))
    fault(
      'sslnegotiation',
      'PGSSLNEGOTIATION',
      'sslnegotiation=direct needs TLS; expected sslmode=require or more',
    );
  if (mode === 'disable') return { attempts: [PLAIN], faults };

  const read = fileReader(parameters, fault);
  const withCertificate = parameters.get('sslcertmode') !== 'disable';
  const ca = isSystem ? getCACertificates('system') : read('sslrootcert', 'PGSSLROOTCERT', 'root.crt');
  if (mode.startsWith('verify') && ca === undefined && !parameters.has('sslrootcert'))
    fault(
      'sslmode',
      'PGSSLMODE',
      `sslmode=${mode} has no certificates to trust; expected sslrootcert=FILE, sslrootcert=system, or ${join(HOME, 'root.crt')}`,
    );
  const tls: ConnectionOptions = {
    ca,
    crl: read('sslcrl', 'PGSSLCRL', 'root.crl'),
    cert: withCertificate ? read('sslcert', 'PGSSLCERT', 'postgresql.crt') : undefined,
    key: withCertificate ? read('sslkey', 'PGSSLKEY', 'postgresql.key') : undefined,
    passphrase: parameters.get('sslpassword'),
    minVersion: parameters.get('ssl_min_protocol_version') as SecureVersion | undefined,
    maxVersion: parameters.get('ssl_max_protocol_version') as SecureVersion | undefined,
    servername: isIP(host) === 0 ? host : undefined,
    ...verificationOf(mode, ca !== undefined, host),
  };
  if (withCertificate) checkClientKey(parameters, tls, fault);
  if (faults.length === 0) checkUsable(tls, fault);
  return { attempts: attemptsOf(mode, { tls: withoutUndefined(tls), isDirect }), faults };
}

function attemptsOf(mode: Mode, encrypted: TlsAttempt): TlsAttempt[] {
  if (mode === 'allow') return [PLAIN, encrypted];
  return mode === 'prefer' ? [encrypted, PLAIN] : [encrypted];
}

/** As for libpq, `require` verifies the certificate once there is something to verify it with. */
function verificationOf(mode: Mode, hasRoot: boolean, host: string): ConnectionOptions {
  if (mode === 'verify-full')
    // Node compares the name of an address with "localhost" when the socket is already open.
    return { rejectUnauthorized: true, checkServerIdentity: (_, cert) => checkServerIdentity(host, cert) };
  const isVerified = mode === 'verify-ca' || (mode === 'require' && hasRoot);
  return { rejectUnauthorized: isVerified, checkServerIdentity: () => undefined };
}

type Report = (parameter: string, variable: string | null, problem: string) => void;

function fileReader(parameters: Parameters, fault: Report) {
  return (parameter: string, variable: string, standard: string): string | undefined => {
    const given = parameters.get(parameter);
    const path = given ?? join(HOME, standard);
    if (given === undefined && !existsSync(path)) return undefined;
    try {
      return readFileSync(path, 'utf8');
    } catch {
      fault(parameter, variable, `the file of ${parameter} cannot be read; expected a file in PEM`);
      return undefined;
    }
  };
}

function checkClientKey(parameters: Parameters, tls: ConnectionOptions, fault: Report): void {
  if ((tls.cert === undefined) !== (tls.key === undefined)) {
    const [present, missing, variable] = tls.cert
      ? (['sslcert', 'sslkey', 'PGSSLKEY'] as const)
      : (['sslkey', 'sslcert', 'PGSSLCERT'] as const);
    if (parameters.has(present) && !parameters.has(missing))
      fault(present, variable, `${present} is given without ${missing}; expected both`);
  }
  const path = parameters.get('sslkey');
  if (path === undefined || tls.key === undefined || process.platform === 'win32') return;
  const { mode, uid } = statSync(path);
  // As for libpq: root's own file may be read by a group.
  if ((mode & (uid === 0 ? 0o037 : 0o077)) !== 0)
    fault('sslkey', 'PGSSLKEY', 'the file of sslkey can be read by others; expected the mode 0600');
}

function checkUsable(tls: ConnectionOptions, fault: Report): void {
  const parts = [
    ['sslrootcert', 'PGSSLROOTCERT', { ca: tls.ca }],
    ['sslcrl', 'PGSSLCRL', { crl: tls.crl }],
    ['sslkey', 'PGSSLKEY', { cert: tls.cert, key: tls.key, passphrase: tls.passphrase }],
    [
      'ssl_min_protocol_version',
      'PGSSLMINPROTOCOLVERSION',
      { minVersion: tls.minVersion, maxVersion: tls.maxVersion },
    ],
  ] as const;
  for (const [parameter, variable, part] of parts) {
    try {
      createSecureContext(withoutUndefined(part));
    } catch (error) {
      const { code = 'unusable' } = error as NodeJS.ErrnoException;
      fault(parameter, variable, `${parameter} cannot be used (${code}); ${EXPECTED[parameter]}`);
    }
  }
}

const EXPECTED = {
  sslrootcert: 'expected certificates in PEM',
  sslcrl: 'expected revocation lists in PEM',
  sslkey: 'expected the key of sslcert in PEM, and sslpassword if it is encrypted',
  ssl_min_protocol_version: 'expected a version not above ssl_max_protocol_version',
};

/** Node takes `undefined` for a version or a name that was given. */
const withoutUndefined = <T extends object>(options: T): T =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T;
