export const vocabulary: readonly {
  title: string;
  terms: readonly { term: string; meaning: string; instead: string; retired?: readonly string[] }[];
}[];
export const plainEnglish: Readonly<Record<string, string>>;
