import { curfew, getToken } from './curfew';
import { findUser } from './users';

export async function currentUser() {
  const token = await getToken(); // before anything else: it tells the build that the page is made for each request
  const result = await curfew().check(token, { touch: false });
  return result.state === 'live' ? findUser(result.session.externalId) : undefined;
}
