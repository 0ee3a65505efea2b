import { lazy, Suspense, useState } from 'react';
import { NoticeRegion } from '../../components/notice-region.tsx';
import type { NewSignInBar as Bar } from './new-sign-in-bar.tsx';
import { useNewSignIns } from './use-new-sign-ins.ts';

/** Loaded with the first sign-in. If that fails, the list of sessions still marks it. */
const NewSignInBar = lazy(async () => ({
  default: await import('./new-sign-in-bar.tsx').then(
    (loaded) => loaded.NewSignInBar,
    (): ((props: Parameters<typeof Bar>[0]) => null) => () => null,
  ),
}));

/** Tells of sign-ins from new devices, one at a time, and ends them where they were someone else's. */
export function NewSignIns() {
  const { signIns, answer } = useNewSignIns();
  const [areOthersOut, setOthersOut] = useState(false);
  const [isLoaded, setLoaded] = useState(false);
  const [signIn = null] = signIns;
  const content = signIn ? `${signIn.id} ${signIns.length}` : areOthersOut ? 'password' : '';
  return (
    <NoticeRegion contentKey={`${content} ${isLoaded}`}>
      {content !== '' && (
        <Suspense>
          <NewSignInBar
            signIn={signIn}
            moreCount={Math.max(0, signIns.length - 1)}
            onLoad={() => setLoaded(true)}
            onKnown={(id) => answer(id)}
            onSignedOut={() => {
              answer();
              setOthersOut(true);
            }}
            onDone={() => setOthersOut(false)}
          />
        </Suspense>
      )}
    </NoticeRegion>
  );
}
