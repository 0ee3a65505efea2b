import { randomBytes, randomUUID, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

/** The application's own users. Curfew never sees a password. */
export interface Person {
  /** Curfew's `externalId`. */
  readonly id: string;
  readonly email: string;
  readonly name: string;
  salt: Buffer;
  hash: Buffer;
}

export interface People {
  /** Null for an unknown e-mail and for a wrong password. Both take equally long. */
  identify(email: string, password: string): Promise<Person | null>;
  /** Undefined for an unknown id. */
  byId(id: string | null): Person | undefined;
  changePassword(person: Person, password: string): Promise<void>;
}

const hash = (password: string, salt: Buffer): Promise<Buffer> =>
  promisify<string, Buffer, number, Buffer>(scrypt)(password, salt, 32);

async function createPerson(id: string, name: string, password: string): Promise<Person> {
  const salt = randomBytes(16);
  return { id, name, email: `${id}@notes.example`, salt, hash: await hash(password, salt) };
}

export async function createPeople(): Promise<People> {
  const people = [
    await createPerson('lena', 'Lena Vogel', 'lena-likes-lemons'),
    await createPerson('paul', 'Paul Ries', 'paul-likes-plums'),
  ];
  // Hashed for an unknown e-mail, so that both answers take equally long.
  const unknown = await createPerson('unknown', 'Unknown', randomUUID());

  return {
    async identify(email, password) {
      const person = people.find((one) => one.email === email.trim().toLowerCase());
      const { salt, hash: expected } = person ?? unknown;
      const isRight = timingSafeEqual(expected, await hash(password, salt));
      return person && isRight ? person : null;
    },
    byId: (id) => people.find((one) => one.id === id),
    async changePassword(person, password) {
      const salt = randomBytes(16);
      Object.assign(person, { salt, hash: await hash(password, salt) });
    },
  };
}
