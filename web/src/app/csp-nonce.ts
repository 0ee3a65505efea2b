/** The nonce for styles in the content security policy. The server creates a new one for every response. */
export const cspNonce = (): string =>
  document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';
