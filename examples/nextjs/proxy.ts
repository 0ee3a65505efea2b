import { NextResponse, type NextRequest } from 'next/server';
import { curfew, getToken } from './curfew';

export const config = { matcher: ['/', '/account', '/reauthenticate'] };

// Not a touch: a prefetch is no activity, and the notice reports what is.
export async function proxy({ nextUrl, url }: NextRequest) {
  const { state } = await curfew().check(await getToken(), { touch: false });
  if (state === 'live') return NextResponse.next();
  if (state === 'unavailable') return new NextResponse('Try again in a minute.', { status: 503 });
  if (nextUrl.pathname === '/') return NextResponse.redirect(new URL('/sign-in', url));
  return new NextResponse(null, { status: 401 });
}
