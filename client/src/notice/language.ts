import { en } from './messages/en.ts';
import { baseOf } from './messages/text-store.ts';
import { type NoticeTexts, type PluralText } from './messages/texts.ts';

const HOUR_CYCLES = ['h11', 'h12', 'h23', 'h24'] as const;

/** The texts in the language of the page, and how it writes times and durations. */
export interface Language {
  /** A language tag, such as `de`: in what the texts are. */
  readonly tag: string;
  readonly texts: NoticeTexts;
  /** Replaces `{name}` and the like. */
  fill(text: string, values: Record<string, string>): string;
  /** The form of a text for a whole number, which replaces `{count}`. */
  plural(text: PluralText, count: number): string;
  /** A time of day, such as `14:32`. */
  clock(moment: Date): string;
  /** A limit in minutes, in its largest whole unit, as the texts put it: `12-hour`. */
  limit(minutes: number): string;
}

/**
 * `tag`: the language of `texts`. `tags`: language tags by preference, such as the page's and then the browser's.
 * `overrides` replaces single texts.
 */
export function createLanguage(
  tag: string,
  builtIn: NoticeTexts,
  tags: readonly string[],
  overrides: Partial<NoticeTexts> = {},
  hourCycle?: string | null,
): Language {
  // A translation that a page does not have, or not as a text, must not take the warning away.
  const given = Object.fromEntries(
    Object.entries(overrides).filter(([key, text]) => isLike(text, en[key as keyof NoticeTexts] ?? {})),
  );
  // Of another version of Curfew, during an upgrade, a text may be missing. Not all languages have `limits`.
  const texts: NoticeTexts = { ...en, limits: builtIn.limits, ...builtIn, ...given };
  // `en` alone would be American: a browser in British English says more of how this user writes times.
  const region = tags.find((each) => baseOf(each) === tag && each.includes('-')) ?? tag;
  const time = new Intl.DateTimeFormat(supported(region, tag), {
    hour: 'numeric',
    minute: '2-digit',
    hourCycle: HOUR_CYCLES.find((each) => each === hourCycle),
  });
  const fill = (text: string, values: Record<string, string>): string =>
    String(text).replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);

  return {
    tag,
    texts,
    fill,
    plural(text, count) {
      const category = new Intl.PluralRules(tag).select(count) as keyof PluralText;
      return fill(text[category] ?? text.other, { count: new Intl.NumberFormat(tag).format(count) });
    },
    clock: (moment) => time.format(moment),
    limit(minutes) {
      const [unit, count] =
        minutes % 1440 === 0
          ? (['day', minutes / 1440] as const)
          : minutes % 60 === 0
            ? (['hour', minutes / 60] as const)
            : (['minute', minutes] as const);
      if (texts.limits) return fill(texts.limits[unit], { count: String(count) });
      return new Intl.NumberFormat(tag, { style: 'unit', unit, unitDisplay: 'long' }).format(count);
    },
  };
}

/** Whether what a page gives has the form of the English text: a string, or an object of as many. */
function isLike(given: unknown, text: string | object): boolean {
  if (typeof text === 'string') return typeof given === 'string';
  // Not all languages have a singular.
  return Object.keys(text).every(
    (form) => form === 'one' || (given as Record<string, unknown> | null)?.[form],
  );
}

/** The language tags that hold for an element: of itself or what is around it, and then of the browser. */
export function tagsFor(element: Element): string[] {
  for (let scope: Element | null = element; scope;) {
    const named: HTMLElement | null = scope.closest<HTMLElement>('[lang]');
    if (named) return [named.lang, ...navigator.languages];
    const root: Node = scope.getRootNode();
    scope = root instanceof ShadowRoot ? root.host : null;
  }
  return [...navigator.languages];
}

/** A tag that is none, such as `de_CH`, is not worth an error. */
function supported(tag: string, otherwise: string): string {
  try {
    return Intl.getCanonicalLocales(tag)[0] ?? otherwise;
  } catch {
    return otherwise;
  }
}
