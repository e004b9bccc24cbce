import { AiError } from './errors.ts'
import type { Recording } from './recording.ts'

/**
 * Takes the parts of an answer that comes in the place of one of which some parts were given already: those that go on
 * where these ended, none as long as it says the same again, undefined when it is another answer.
 */
export type Continuation<Part> = (part: Part) => readonly Part[] | undefined

/**
 * Puts the parts of one call into a recording. Where another call has put some there before, followers get what comes after
 * these; when the answers differ the recording fails with E_CALL_INTERRUPTED, since what was given cannot be taken back.
 */
export function pourInto<Part, Answer>(
  recording: Recording<Part, Answer>,
  continuing: (given: readonly Part[]) => Continuation<Part>,
): (part: Part) => void {
  if (recording.parts.length === 0) return (part) => recording.push(part)
  const next = continuing([...recording.parts])
  return (part) => {
    if (recording.done) return
    const parts = next(part)
    if (parts !== undefined) for (const one of parts) recording.push(one)
    else
      recording.fail(
        new AiError(
          'E_CALL_INTERRUPTED',
          'the process that made this answer ended in the middle of it, and the model now says something else; ask again, the new answer is kept',
        ),
      )
  }
}
