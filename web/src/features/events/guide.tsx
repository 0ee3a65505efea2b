/** The document on receiving webhooks, by its path in the repository and the package: no address of it is known here. */
export function Guide() {
  return <code>docs/guides/verify-a-webhook.md</code>;
}
