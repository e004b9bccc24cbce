import { assistantWords } from '../assistant/words.ts'
import { entryWords } from '../entries/words.ts'
import { historyWords } from '../history/words.ts'
import { invalidationWords } from '../invalidations/words.ts'
import { operationWords } from '../operations/words.ts'
import { overviewWords } from '../overview/words.ts'
import { resultWords } from '../results/words.ts'
import { sessionWords } from '../session/words.ts'
import { timelineWords } from '../sessions/words.ts'
import { settingsWords } from '../settings/words.ts'
import { shellWords } from '../shell/words.ts'
import { spaceWords } from '../spaces/words.ts'
import { stateWords } from '../states/words.ts'
import { userWords } from '../users/words.ts'
import { versionWords } from '../versions/words.ts'
import { taskWords } from '../tasks/words.ts'
import { tokenWords } from '../tokens/words.ts'

const all = {
  shell: shellWords,
  session: sessionWords,
  states: stateWords,
  overview: overviewWords,
  history: historyWords,
  spaces: spaceWords,
  entries: entryWords,
  results: resultWords,
  sessions: timelineWords,
  assistant: assistantWords,
  invalidations: invalidationWords,
  tasks: taskWords,
  tokens: tokenWords,
  operations: operationWords,
  settings: settingsWords,
  users: userWords,
  versions: versionWords,
}

type All = typeof all

/** Every text of the console, by part and name. */
export type Messages = { readonly [Part in keyof All]: All[Part]['en'] }

function pick(language: 'en' | 'zh'): Messages {
  return Object.fromEntries(Object.entries(all).map(([part, words]) => [part, words[language]])) as Messages
}

/** Every text, by language. */
export const messages = { en: pick('en'), 'zh-CN': pick('zh') } as const

/** A language of the console, as a tag of BCP 47. */
export type Language = keyof typeof messages

declare module 'use-intl' {
  interface AppConfig {
    Locale: Language
    Messages: Messages
  }
}
