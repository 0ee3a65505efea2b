/** Counts down on the tab while the page is in the background, and gives the page its own title back. */
export interface BackgroundTitle {
  /** Null: nothing is counted down. */
  show(title: string | null): void;
}

export function createBackgroundTitle(): BackgroundTitle {
  let original = '';
  let shown: string | null = null;
  return {
    show(title) {
      const next = document.visibilityState === 'hidden' ? title : null;
      if (next === shown) return;
      // The page may have changed its title since: then that is the one.
      if (shown === null || document.title !== shown) original = document.title;
      document.title = next ?? original;
      shown = next;
    },
  };
}
