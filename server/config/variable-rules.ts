import { isLoopback } from './loopback.ts';
import type { Environment, Variable } from './variables.ts';

export interface ConfigFault {
  /** Of this configuration, or one of the `PG*` variables. */
  readonly variable: string;
  /** Says what is wrong and what is expected. Never contains the value, which may be a secret. */
  readonly problem: string;
}

/** The variables that could be read. Absent: unset without a default, or at fault. */
export type Readable = Partial<Environment>;
export type IsSet = (variable: Variable) => boolean;

type Minutes = Extract<Variable, `SESSION_${string}_MINUTES_${string}`>;

function atMost(read: Readable, lower: Minutes, upper: Minutes): ConfigFault[] {
  const [low, high] = [read[lower], read[upper]];
  if (low === undefined || high === undefined || low <= high) return [];
  const problem = `${low} is above ${upper}, which is ${high}; expected at most that`;
  return [{ variable: lower, problem }];
}

function boundsFaults(read: Readable): ConfigFault[] {
  return [
    ...atMost(read, 'SESSION_IDLE_MINUTES_MIN', 'SESSION_IDLE_MINUTES_DEFAULT'),
    ...atMost(read, 'SESSION_IDLE_MINUTES_DEFAULT', 'SESSION_IDLE_MINUTES_MAX'),
    ...atMost(read, 'SESSION_ABSOLUTE_MINUTES_MIN', 'SESSION_ABSOLUTE_MINUTES_DEFAULT'),
    ...atMost(read, 'SESSION_ABSOLUTE_MINUTES_DEFAULT', 'SESSION_ABSOLUTE_MINUTES_MAX'),
    ...atMost(read, 'SESSION_IDLE_MINUTES_DEFAULT', 'SESSION_ABSOLUTE_MINUTES_DEFAULT'),
  ];
}

function secretFaults(read: Readable, isSet: IsSet): ConfigFault[] {
  const faults: ConfigFault[] = [];
  if (isSet('ACCESS_TOKEN_PRIVATE_KEY') && isSet('ACCESS_TOKEN_PRIVATE_KEY_FILE')) {
    const problem = 'is set together with ACCESS_TOKEN_PRIVATE_KEY_FILE; expected only one of them';
    faults.push({ variable: 'ACCESS_TOKEN_PRIVATE_KEY', problem });
  }
  const reason = isSet('DATABASE_URL')
    ? 'with DATABASE_URL'
    : read.NODE_ENV === 'production'
      ? 'with NODE_ENV=production'
      : null;
  if (reason === null) return faults;
  if (!isSet('REFRESH_TOKEN_SECRET')) {
    const problem = `is missing; expected a secret of at least 32 bytes ${reason}`;
    faults.push({ variable: 'REFRESH_TOKEN_SECRET', problem });
  }
  if (!isSet('ACCESS_TOKEN_PRIVATE_KEY') && !isSet('ACCESS_TOKEN_PRIVATE_KEY_FILE')) {
    const problem = `is missing; expected a P-256 private key in PEM, here or in ACCESS_TOKEN_PRIVATE_KEY_FILE, ${reason}`;
    faults.push({ variable: 'ACCESS_TOKEN_PRIVATE_KEY', problem });
  }
  return faults;
}

function productionFaults(read: Readable, isSet: IsSet): ConfigFault[] {
  if (read.NODE_ENV !== 'production') return [];
  const faults: ConfigFault[] = [];
  const https = 'expected the https origin that browsers use, with NODE_ENV=production';
  if (!isSet('PUBLIC_URL')) {
    faults.push({ variable: 'PUBLIC_URL', problem: `is missing; ${https}` });
  } else if (read.PUBLIC_URL?.startsWith('http:')) {
    faults.push({ variable: 'PUBLIC_URL', problem: `is not https; ${https}` });
  }
  if (read.COOKIE_SECURE === false) {
    const problem = 'is false; expected true or nothing with NODE_ENV=production';
    faults.push({ variable: 'COOKIE_SECURE', problem });
  }
  if (read.TRUST_PROXY === true) {
    // Any client could then claim any address.
    const problem = 'is true; expected a hop count, or addresses and CIDR ranges, with NODE_ENV=production';
    faults.push({ variable: 'TRUST_PROXY', problem });
  }
  if (read.DEMO) {
    const problem = 'is true; expected false or nothing with NODE_ENV=production';
    faults.push({ variable: 'DEMO', problem });
  }
  return faults;
}

function demoFaults(read: Readable): ConfigFault[] {
  if (!read.DEMO || read.HOST === undefined || isLoopback(read.HOST)) return [];
  const problem = 'is true and HOST is not loopback; expected false, or HOST=127.0.0.1';
  return [{ variable: 'DEMO', problem }];
}

/** The variables of a list are set together or not at all. */
const SET_TOGETHER: readonly Variable[][] = [
  ['OIDC_GOOGLE_CLIENT_ID', 'OIDC_GOOGLE_CLIENT_SECRET'],
  ['OIDC_MICROSOFT_CLIENT_ID', 'OIDC_MICROSOFT_CLIENT_SECRET', 'OIDC_MICROSOFT_TENANT'],
  ['SMTP_URL', 'MAIL_FROM'],
];

function togetherFaults(isSet: IsSet): ConfigFault[] {
  const faults: ConfigFault[] = [];
  for (const variables of SET_TOGETHER) {
    const present = variables.find(isSet);
    if (present === undefined) continue;
    for (const variable of variables.filter((each) => !isSet(each)))
      faults.push({ variable, problem: `is missing; expected it together with ${present}` });
  }
  return faults;
}

function providerFaults(read: Readable, isSet: IsSet): ConfigFault[] {
  const faults: ConfigFault[] = [];
  const entries = read.OIDC_PROVIDERS ?? [];
  entries.forEach(({ id, issuer }, index) => {
    const entry = `entry ${index + 1}`;
    const isTaken =
      (id === 'google' && isSet('OIDC_GOOGLE_CLIENT_ID')) ||
      (id === 'microsoft' && isSet('OIDC_MICROSOFT_CLIENT_ID'));
    if (isTaken) {
      const problem = `${entry}: id is taken by OIDC_${id.toUpperCase()}_CLIENT_ID; expected another one`;
      faults.push({ variable: 'OIDC_PROVIDERS', problem });
    }
    if (read.NODE_ENV === 'production' && issuer.startsWith('http:')) {
      const problem = `${entry}: issuer is not https; expected https with NODE_ENV=production`;
      faults.push({ variable: 'OIDC_PROVIDERS', problem });
    }
  });
  return faults;
}

/** Checks the rules between variables. A command that is no server needs no signing keys. */
export function crossFaults(
  read: Readable,
  isSet: IsSet,
  { isServer }: { isServer: boolean },
): ConfigFault[] {
  return [
    ...boundsFaults(read),
    ...(isServer ? secretFaults(read, isSet) : []),
    ...productionFaults(read, isSet),
    ...demoFaults(read),
    ...togetherFaults(isSet),
    ...providerFaults(read, isSet),
  ];
}
