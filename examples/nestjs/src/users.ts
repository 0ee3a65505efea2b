import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

// The users of the application, as it has them without Curfew: in memory, because this is an example.

const salt = randomBytes(16);
const hash = (password: unknown) =>
  promisify<string, Buffer, number, Buffer>(scrypt)(String(password), salt, 32);

const users = [
  { id: 'ana', email: 'ana@app.example', name: 'Ana', hash: hash('ana-likes-apples') },
  { id: 'ben', email: 'ben@app.example', name: 'Ben', hash: hash('ben-likes-berries') },
];
const unknown = { hash: hash(randomBytes(16)) };

export const findUser = (id?: string | null) => users.find((user) => user.id === id);

/** Resolves with the user, or with null if the e-mail and the password do not go together. */
export async function checkPassword({ email, password }: { email?: unknown; password?: unknown } = {}) {
  // Before you go live, refuse here after some failures of the same e-mail, and of the same address: both routes that ask for
  // a password come this way, and answer 429 with Retry-After then.
  const user = users.find((one) => one.email === email);
  // Hashed for an unknown e-mail too: the time must not tell which ones are known.
  const isRight = timingSafeEqual(await (user ?? unknown).hash, await hash(password));
  return user && isRight ? user : null;
}
