import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The paths of certificates and keys in PEM, made by openssl for one test. */
export interface Certificates {
  readonly ca: string;
  readonly otherCa: string;
  /** Lists the server's certificate as revoked. */
  readonly crl: string;
  readonly server: { cert: string; key: string };
  readonly client: { cert: string; key: string; encryptedKey: string; password: string };
}

/** `serverName` is the only name in the server's certificate; `clientName` is the user of the client's. */
export function makeCertificates(folder: string, serverName: string, clientName: string): Certificates {
  const path = (name: string): string => join(folder, name);
  const openssl = (...args: string[]): void =>
    void execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

  for (const ca of ['ca', 'other'])
    openssl(
      ...['req', '-x509', ...newKey, '-days', '2', '-subj', `/CN=${ca}`],
      ...['-keyout', `${ca}.key`, '-out', `${ca}.crt`],
    );
  for (const [name, subject] of [
    ['server', serverName],
    ['client', clientName],
  ] as const) {
    writeFileSync(path(`${name}.ext`), `subjectAltName=DNS:${subject}\n`);
    openssl('req', ...newKey, '-subj', `/CN=${subject}`, '-keyout', `${name}.key`, '-out', `${name}.csr`);
    openssl(
      ...['x509', '-req', '-in', `${name}.csr`, '-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial'],
      ...['-days', '2', '-extfile', `${name}.ext`, '-out', `${name}.crt`],
    );
  }
  openssl('ec', '-aes256', '-passout', 'pass:opened', '-in', 'client.key', '-out', 'client-encrypted.key');
  writeFileSync(path('index.txt'), '');
  writeFileSync(
    path('ca.cnf'),
    '[ca]\ndefault_ca=d\n[d]\ndatabase=index.txt\ndefault_md=sha256\ndefault_crl_days=2\n',
  );
  const ca = ['ca', '-config', 'ca.cnf', '-cert', 'ca.crt', '-keyfile', 'ca.key'];
  openssl(...ca, '-revoke', 'server.crt');
  openssl(...ca, '-gencrl', '-out', 'ca.crl');
  return {
    ca: path('ca.crt'),
    otherCa: path('other.crt'),
    crl: path('ca.crl'),
    server: { cert: path('server.crt'), key: path('server.key') },
    client: {
      cert: path('client.crt'),
      key: path('client.key'),
      encryptedKey: path('client-encrypted.key'),
      password: 'opened',
    },
  };
}
