import { useLingui } from '@lingui/react';
import { useEffect, useRef } from 'react';
import type { CurfewNotice, CurfewReauthenticateEvent } from '@curfew/client/notice';
import { useSession } from '@curfew/client/react';
import { useConfirmDeadline } from './use-confirm-deadline.ts';
import { useNoticeElement } from './use-notice-element.ts';
import classes from './expiry-notice.module.css';

/** Warns before the session ends, and offers to extend it: the element that other applications use too. */
export const ExpiryNotice = () => useNoticeElement() && <Element />;

function Element() {
  const { watcher } = useSession();
  const { i18n } = useLingui();
  const confirmDeadline = useConfirmDeadline();
  const notice = useRef<HTMLElement>(null);

  useEffect(() => {
    const element = notice.current as CurfewNotice;
    element.watcher = watcher;
    const prevent = (event: Event) => event.preventDefault();
    const confirm = (event: CurfewReauthenticateEvent) => {
      event.preventDefault();
      confirmDeadline(event.detail);
    };
    element.addEventListener('curfew-reauthenticate', confirm);
    // The sign-in page says why the session is over.
    for (const name of ['curfew-expired', 'curfew-revoked']) element.addEventListener(name, prevent);
    return () => {
      element.watcher = null;
      element.removeEventListener('curfew-reauthenticate', confirm);
      for (const name of ['curfew-expired', 'curfew-revoked']) element.removeEventListener(name, prevent);
    };
  }, [watcher, confirmDeadline]);

  return (
    <curfew-notice
      ref={notice}
      class={classes.notice}
      lang={i18n.locale}
      hour-cycle="h23"
      // Dialogs of Mantine underneath listen for Escape on the window: what is pressed in here is not for them.
      data-mantine-stop-propagation="true"
    />
  );
}
