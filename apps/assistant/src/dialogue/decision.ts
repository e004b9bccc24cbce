import type { FunctionDefinition } from '../catalog/function.ts'
import type { IntentConfig } from '../catalog/intent.ts'
import type { SlotMap } from '../catalog/json.ts'
import type { Preferences } from '../catalog/profile.ts'
import type { PromptTemplate } from '../catalog/response.ts'
import type { SystemThresholds } from '../catalog/settings.ts'
import type { SlotDependency } from '../catalog/slot.ts'
import type { Day } from '../recognise/calendar.ts'
import type { Knowledge } from '../recognise/recogniser.ts'
import type { Filling } from './fill.ts'
import type { Language } from './language.ts'
import type { Choice, Standing, Task } from './standing.ts'
import type { Understanding } from './understand.ts'

/** What the user said, and what recognition made of it. */
export interface Heard {
  readonly text: string
  readonly understood: Understanding
  /** The other things that one sentence asked for, in its order. */
  readonly further: readonly Choice[]
}

/** A task that is to be carried out before the turn is answered. */
export interface PendingCall {
  readonly intent: IntentConfig
  readonly definition: FunctionDefinition
  readonly task: Task
  /** The turn whose summary was said yes to; of a query, the turn itself. */
  readonly askedIn: number
}

/** A change from one task to another (database v2.2, `intent_transfers`). */
export interface Transfer {
  readonly from: string | null
  readonly to: string
  readonly type: 'user_request' | 'system_redirect' | 'completion'
}

/** What the assistant says, and where the session stands after it. */
export interface Decision {
  readonly response: string
  readonly responseType: string
  /** What the template of the response type may take, such as `error_message` and `prompt`. */
  readonly parts: Readonly<Record<string, string>>
  readonly status: string
  readonly nextAction: string
  /** What was recognised; its slots, when it has any. */
  readonly intent: string | null
  readonly confidence: number
  readonly slots: SlotMap
  readonly missing: readonly string[]
  readonly problems: Readonly<Record<string, string>>
  /** What the turn gave to tasks, each in its own filling. */
  readonly fillings: readonly Filling[]
  /** The intents that the user is to choose from, by number. */
  readonly candidates: readonly {
    readonly intent: string
    readonly name: string
    readonly confidence: number
  }[]
  readonly transfers: readonly Transfer[]
  readonly standing: Standing
  /** Whether the user said yes to the values. */
  readonly confirmed?: boolean
  /** To be carried out first; `response` is then what is said before its result. */
  readonly call?: PendingCall | undefined
  /** To be asked of retrieval first; `response` is what is said when it has no answer. */
  readonly query?: string | undefined
  readonly apiResult?: Readonly<Record<string, unknown>> | undefined
}

/** What a decision is made with, besides the sentence and the standing. */
export interface DecideOptions {
  readonly knowledge: Knowledge
  /** Dependencies among an intent's slots, by the intent's name. */
  readonly dependencies: ReadonlyMap<string, readonly SlotDependency[]>
  /** What carries intents out, by the function's name. */
  readonly functions: ReadonlyMap<string, FunctionDefinition>
  readonly prompts: readonly PromptTemplate[]
  readonly preferences: Preferences
  readonly thresholds: SystemThresholds
  readonly now: Date
  readonly today: Day
  readonly language: Language
  /** The number of this turn. */
  readonly turn: number
}

/** The configuration of an intent, when it is active. */
export function intentOf(name: string | undefined | null, knowledge: Knowledge): IntentConfig | undefined {
  return knowledge.intents.find(({ intent_name }) => intent_name === name)
}

/** Two sentences of one reply, with the space that the language puts between them. */
export function join(language: Language, ...sentences: readonly (string | undefined)[]): string {
  const said = sentences.filter((one): one is string => one !== undefined && one !== '')
  if (language === 'en') return said.join(' ')
  // A Chinese sentence ends with its own sign, where it has one: 单号：T0001 has none.
  return said
    .map((one, index) => (index < said.length - 1 && /[\p{L}\p{N}]$/u.test(one) ? `${one}。` : one))
    .join('')
}
