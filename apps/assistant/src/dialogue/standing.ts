import type { SlotMap } from '../catalog/json.ts'
import type { Awaited, FoundSlot } from '../recognise/recogniser.ts'

/** Something that the user wants done, as far as it is known: one frame of the intent stack (row A10). */
export interface Task {
  readonly intent_name: string
  readonly confidence: number
  /** Normalised values by slot name. */
  readonly slots: SlotMap
  /** When it was begun, and when it was last spoken of: ISO instants. */
  readonly begun_at: string
  readonly touched_at: string
  /** Put off by the user: not gone back to before he asks for it. */
  readonly postponed?: boolean
}

/** One intent that a sentence may have meant, with the values that the sentence has for it. */
export interface Choice {
  readonly intent_name: string
  readonly confidence: number
  readonly slots: Readonly<Record<string, FoundSlot>>
}

/** What the assistant asked last; the next message is read as an answer to it first. */
export type Question =
  | { readonly kind: 'slot'; readonly slot_name: string }
  /** A summary to say yes or no to. `asked_in` is the turn that showed it: the same yes never books twice. */
  | { readonly kind: 'confirm'; readonly asked_in: number }
  /** Which slot of the task is to be changed. */
  | { readonly kind: 'change' }
  /** Which of several intents was meant. */
  | { readonly kind: 'choice'; readonly candidates: readonly Choice[] }

/** Where a session stands between two turns. */
export interface Standing {
  /** What is being worked on. */
  readonly task?: Task | undefined
  readonly question?: Question | undefined
  /** Tasks that others interrupted, the oldest first. */
  readonly interrupted: readonly Task[]
  /** Tasks of the same sentence that are still to come. */
  readonly waiting: readonly Choice[]
  /** A query just answered: a value alone asks it again, such as 那积分呢. */
  readonly answered?: string | undefined
}

/** The standing of a session in which nothing goes on. */
export const idle: Standing = Object.freeze({ interrupted: [], waiting: [] })

/** What the next message may answer or amend, as recognisers take it: the task, and the slot that was asked for. */
export function awaitedIn({ task, question, answered }: Standing): Awaited | undefined {
  const slot_name = question?.kind === 'slot' ? question.slot_name : ''
  const intent_name = task?.intent_name ?? answered
  return intent_name === undefined ? undefined : { intent_name, slot_name }
}
