import { createStored } from '../shell/stored.ts'
import type { Language } from './messages.ts'

/** The language of the browser where it is one of ours, else English. */
function preferred(): Language {
  return navigator.languages.some((language) => language.startsWith('zh')) ? 'zh-CN' : 'en'
}

/** The language that was chosen here. */
export const storedLanguage = createStored<Language>('reprise.language', ['en', 'zh-CN'], preferred())
