import { nextAnnouncement, SILENCE } from './announcement.ts';
import { type Language } from './language.ts';
import { write } from './dom.ts';
import { type WarningView } from './warning-view.ts';

/** A live region has to exist before its text, also one in a dialog that has just opened. */
const ANNOUNCE_DELAY_MS = 150;

/** What screen readers say of a warning while its countdown is hidden from them. */
export interface Speech {
  /** Says what is due. Null: nothing is warned of. */
  follow(view: WarningView | null, isSignedIn: boolean, language: Language): void;
  /** `tag`: the language of the text. */
  say(text: string, tag: string): void;
  stop(): void;
}

/** `getRegion`: the live region that is not inert when the text is due. */
export function createSpeech(getRegion: () => HTMLElement): Speech {
  let last = SILENCE;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function say(text: string, tag: string): void {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const region = getRegion();
      region.lang = tag;
      write(region, text);
    }, ANNOUNCE_DELAY_MS);
  }

  return {
    say,
    follow(view, isSignedIn, { tag, texts, plural }) {
      const next = nextAnnouncement(last, view, isSignedIn);
      if (next === last) return;
      last = next;
      const { mark } = next;
      if (mark === null) say(next.isStillSignedIn ? texts.stillSignedIn : '', tag);
      else say(mark < 60 ? plural(texts.secondsLeft, mark) : plural(texts.minutesLeft, mark / 60), tag);
    },
    stop() {
      last = SILENCE;
      clearTimeout(timer);
    },
  };
}
