/** Drops the oldest entry of a Map or Set that has more than `maxSize`. */
export function dropOldest(
  entries: { size: number; keys(): Iterator<string>; delete(key: string): boolean },
  maxSize: number,
): void {
  if (entries.size <= maxSize) return;
  const { value, done } = entries.keys().next();
  if (!done) entries.delete(value);
}
