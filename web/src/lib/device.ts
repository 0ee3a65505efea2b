/** What the server read from the user agent, or that it could not. */
export const deviceInWords = (device: string | null): string => device ?? 'Unknown device';
