import { createHash } from 'node:crypto'
import { dayIn, dayText } from './calendar.ts'
import { normalise } from './normalise.ts'
import type { Recogniser, RecognitionRequest } from './recogniser.ts'

/**
 * The hash that a recognition is kept under: 16 hexadecimal characters, the same in every process and on every day
 * of a run (row A4). It covers all that the answer depends on: the sentence, the recogniser, the state of the
 * knowledge, today's date in the user's zone (明天), the slot that is awaited, and the turns before where they count.
 */
export function inputHash(recogniser: Recogniser, request: Omit<RecognitionRequest, 'signal'>): string {
  const { text, knowledge, now, timezone, history = [], awaited } = request
  const parts = [
    recogniser.name,
    knowledge.version,
    normalise(text).lower,
    dayText(dayIn(now, timezone)),
    timezone,
    awaited === undefined ? null : [awaited.intent_name, awaited.slot_name],
    recogniser.usesHistory ? history.map((turn) => [turn.user_input, turn.intent_recognized]) : null,
  ]
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16)
}
