import { t } from '@lingui/core/macro';

/** Modest, and in the middle of the page's own window. */
const SIZE = { width: 480, height: 680 };

/**
 * Opens an empty window for a provider. It has to be called in the click itself: a browser blocks a window that opens
 * later. Null: it was blocked.
 */
export function openProviderWindow(provider: string): Window | null {
  const left = Math.max(0, Math.round(screenX + (outerWidth - SIZE.width) / 2));
  const top = Math.max(0, Math.round(screenY + (outerHeight - SIZE.height) / 2));
  const opened = window.open(
    '',
    '_blank',
    `popup,width=${SIZE.width},height=${SIZE.height},left=${left},top=${top}`,
  );
  // Some blockers return a window that is closed.
  if (!opened || opened.closed) return null;
  opened.document.title = provider;
  opened.document.body.textContent = t`Going to ${provider}…`;
  return opened;
}

/** Sends the window to the provider, which gets no way back to this page. */
export function sendTo(opened: Window, address: string): void {
  opened.opener = null;
  opened.location.replace(address);
}
