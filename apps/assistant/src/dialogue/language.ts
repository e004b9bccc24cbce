/** The languages that the assistant answers in. */
export type Language = 'zh' | 'en'

/** A code such as BJ or SHA, and OK: both languages write them so. */
const code = /^[A-Z]{2,4}$/

/** The language of a sentence by its letters; one without any, such as a date in digits or a code, is in the language before. */
export function detectLanguage(text: string, before: Language): Language {
  if (/\p{Script=Han}/u.test(text)) return 'zh'
  if (code.test(text.trim())) return before
  return /\p{Script=Latin}/u.test(text) ? 'en' : before
}

/** The language that a preference such as `zh-CN` or `en` asks for; Chinese for anything else. */
export function preferredLanguage(tag: unknown): Language {
  return typeof tag === 'string' && /^en\b/i.test(tag) ? 'en' : 'zh'
}

/** The text in a language: the English one where there is one and English is asked for. */
export function inLanguage<T>(language: Language, chinese: T, english: T | undefined): T {
  return language === 'en' ? (english ?? chinese) : chinese
}
