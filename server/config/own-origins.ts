/** Returns the origins of the public URL. A loopback server has several names, and an Origin header may have any. */
export function ownOrigins(publicUrl: string): string[] {
  const { protocol, hostname, port } = new URL(publicUrl);
  const loopback = ['localhost', '127.0.0.1', '[::1]'];
  if (!loopback.includes(hostname)) return [publicUrl];
  return loopback.map((name) => `${protocol}//${name}${port && `:${port}`}`);
}
