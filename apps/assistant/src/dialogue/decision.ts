import type { SlotMap } from '../catalog/json.ts'
import type { Day } from '../recognise/calendar.ts'
import type { Awaited, Knowledge } from '../recognise/recogniser.ts'
import type { DialogueState } from './context.ts'
import type { Filling } from './fill.ts'
import type { Language } from './language.ts'

/** Where the session stood when the user spoke. */
export interface Situation {
  readonly intent: string | null
  readonly slots: SlotMap
  readonly state: DialogueState
}

/** What the assistant says, and where the session stands after it. */
export interface Decision {
  readonly response: string
  readonly responseType: string
  /** What the template of the response type may take, such as `error_message` and `prompt`. */
  readonly parts: Readonly<Record<string, string>>
  readonly status: string
  readonly nextAction: string
  readonly intent: string | null
  readonly slots: SlotMap
  readonly awaited: Awaited | undefined
  readonly missing: readonly string[]
  readonly problems: Readonly<Record<string, string>>
  readonly filling: Filling | undefined
}

/** What a decision is made with, besides the sentence and the situation. */
export interface DecideOptions {
  readonly knowledge: Knowledge
  readonly today: Day
  readonly language: Language
  /** Row A9: `slot_confidence_threshold`. */
  readonly slotThreshold: number
}
