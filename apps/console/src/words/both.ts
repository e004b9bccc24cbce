/** The texts of a part of the console in both languages; the compiler demands the same names in both. */
export interface Both<En extends Readonly<Record<string, string>>> {
  readonly en: En
  readonly zh: Readonly<Record<keyof En, string>>
}

/** Texts by name, in English and in 简体中文; placeholders and plurals as ICU messages write them. */
export function both<const En extends Readonly<Record<string, string>>>(
  en: En,
  zh: Readonly<Record<keyof En, string>>,
): Both<En> {
  return { en, zh }
}
