import type { JWK } from 'jose';
import { PrivateAddressError } from '../event-streams/public-address.ts';
import type { SendRequest } from '../event-streams/outgoing-request.ts';
import { isObject } from '../is-object.ts';

/** What Curfew needs of a transmitter. */
export interface Transmitter {
  keys: readonly JWK[];
  /** The members of a complex subject that a receiver has to understand (SSF 1.0, section 7.1). */
  criticalMembers: readonly string[];
}

/** Why a transmitter could not be read. `isTransient`: it may answer later. */
export class TransmitterError extends Error {
  readonly isTransient: boolean;

  constructor(message: string, isTransient: boolean, cause?: unknown) {
    super(message, { cause });
    this.name = 'TransmitterError';
    this.isTransient = isTransient;
  }
}

/** For all documents of a transmitter together. */
const READ_TIMEOUT_MS = 10_000;
const MAX_KEYS = 100;

/**
 * Reads the metadata of an issuer and its keys. The metadata is that of SSF, else of RISC, OpenID Connect or OAuth: not every
 * transmitter has one of its own.
 * @throws TransmitterError
 */
export async function readTransmitter(issuer: string, send: SendRequest): Promise<Transmitter> {
  const late = AbortSignal.timeout(READ_TIMEOUT_MS);
  const metadata = await findMetadata(issuer, (url) => getJson(url, send, late));
  if (metadata.issuer !== issuer)
    throw new TransmitterError('The metadata of the issuer names another issuer.', false);
  const { jwks_uri: address, critical_subject_members: critical } = metadata;
  if (typeof address !== 'string' || !/^https?:\/\//.test(address) || !URL.canParse(address))
    throw new TransmitterError('The metadata of the issuer names no keys.', false);
  const document = await getJson(address, send, late);
  if (!document || !Array.isArray(document.keys))
    throw new TransmitterError('The keys of the issuer could not be read.', true);
  return {
    keys: document.keys.filter(isObject).slice(0, MAX_KEYS),
    criticalMembers: Array.isArray(critical) ? critical.filter((name) => typeof name === 'string') : [],
  };
}

type Document = Record<string, unknown>;

async function findMetadata(
  issuer: string,
  get: (url: string) => Promise<Document | null>,
): Promise<Document> {
  for (const address of metadataAddresses(issuer)) {
    const metadata = await get(address);
    if (metadata) return metadata;
  }
  throw new TransmitterError('The issuer has no metadata.', true);
}

/**
 * Where an issuer may have its metadata. Those of SSF, RISC and OAuth insert the name between host and path (SSF 1.0, section
 * 7.2; RFC 8414, section 3.1), that of OpenID Connect appends it.
 */
function metadataAddresses(issuer: string): string[] {
  const { origin, pathname } = new URL(issuer);
  const path = pathname.replace(/\/$/, '');
  const inserted = (name: string) => `${origin}/.well-known/${name}${path}`;
  return [
    inserted('ssf-configuration'),
    inserted('risc-configuration'),
    `${origin}${path}/.well-known/openid-configuration`,
    inserted('oauth-authorization-server'),
  ];
}

/** Null: there is no such document. A redirect counts as none. @throws TransmitterError where there is no answer */
async function getJson(url: string, send: SendRequest, late: AbortSignal): Promise<Document | null> {
  const request = { method: 'GET', url, headers: { accept: 'application/json' }, body: null } as const;
  const { status, body } = await send(request, late).catch((error: unknown) => {
    throw error instanceof PrivateAddressError
      ? new TransmitterError('The issuer, or its keys, are not at a public https address.', false, error)
      : new TransmitterError('The issuer does not answer.', true, error);
  });
  if (status >= 500) throw new TransmitterError('The issuer does not answer.', true);
  if (status !== 200) return null;
  try {
    const document: unknown = JSON.parse(body.toString());
    return isObject(document) ? document : null;
  } catch {
    return null;
  }
}
