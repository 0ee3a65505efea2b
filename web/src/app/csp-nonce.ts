/** The nonce that the page's policy allows styles with; the server makes a new one for every answer. */
export const cspNonce = (): string =>
  document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';
