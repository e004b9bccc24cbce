import type { EntityDictionary } from '../catalog/entity.ts'
import type { IntentConfig } from '../catalog/intent.ts'
import type { RecognisedIntent } from '../catalog/recognition.ts'

/** The intent whose examples are what the assistant is not for: it is learnt from, and never an answer. */
export const outOfScope = 'out_of_scope'

/** What there is to recognise. One object is one state: an index made of it is kept by its identity. */
export interface Knowledge {
  /** Changes with the content: part of the hash that a result is kept under. */
  readonly version: string
  /** The active intents (row A6). */
  readonly intents: readonly IntentConfig[]
  /** The dictionaries of entities (row A17). */
  readonly dictionaries: readonly EntityDictionary[]
}

/** A turn before this one. */
export interface PastTurn {
  readonly user_input: string
  readonly system_response: string
  readonly intent_recognized: string | null
}

/** The task that the session is at, and the slot just asked for; an empty `slot_name` when nothing is asked any more. */
export interface Awaited {
  readonly intent_name: string
  readonly slot_name: string
}

/** What a recogniser is given: a sentence, what there is to know, and when and where it was said. */
export interface RecognitionRequest {
  readonly text: string
  readonly knowledge: Knowledge
  readonly now: Date
  /** A zone of the IANA database: what 明天 means depends on it. */
  readonly timezone: string
  /** The turns before, oldest first. */
  readonly history?: readonly PastTurn[] | undefined
  readonly awaited?: Awaited | undefined
  readonly signal?: AbortSignal | undefined
}

/** A value found for a slot (document 3.1). */
export interface FoundSlot {
  /** As it was said: `上海`, `明天`. */
  readonly value: string
  /** As slots keep it: `上海`, `2026-11-22`. */
  readonly normalized_value: string
  readonly confidence: number
  /** `dictionary`, `date`, `pattern`, `text` or `llm`. */
  readonly source: string
  readonly original_text: string
  /** Whether a dictionary or the calendar knows it; the intent's own rules come after. */
  readonly is_validated: boolean
  /** The full form of an entity: `上海市`. */
  readonly canonical_form?: string
}

/** An intent that a sentence may mean, and the values that it has for that intent. */
export type Candidate = RecognisedIntent & { readonly slots: Readonly<Record<string, FoundSlot>> }

/** What a sentence was taken to mean. */
export interface Recognition {
  /** Null when no intent reaches its threshold. */
  readonly intent: RecognisedIntent | null
  /** Of the best intent, 0 to 1, even when it stays below its threshold. */
  readonly confidence: number
  readonly slots: Readonly<Record<string, FoundSlot>>
  /** Whether the sentence was taken for values alone: `北京`, `改成后天`. It answers a question or amends, and asks for nothing. */
  readonly onlyValues: boolean
  /** The intents that come into question, best first; left out when only one does. */
  readonly candidates?: readonly Candidate[]
  /** Which recogniser really answered: `embedded`, or the model's name. */
  readonly model: string
}

/** Finds out what a sentence means. */
export interface Recogniser {
  readonly name: string
  /** Whether the turns before count: then they are part of the hash, too. */
  readonly usesHistory: boolean
  /** Learns what there is to learn now, so that the first sentence need not wait for it. */
  prepare?(knowledge: Knowledge): void
  /** @throws RangeError for an unknown time zone; the signal's reason when it fires */
  recognise(request: RecognitionRequest): Promise<Recognition>
}
