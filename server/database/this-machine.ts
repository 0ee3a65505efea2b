/** Whether a host of a URL is this very machine: loopback, or the folder of a socket. */
export const isOnThisMachine = (host: string): boolean =>
  host.startsWith('/') || host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);
