import { AiError } from './errors.ts'
import { pourInto } from './pour.ts'
import type { Recording } from './recording.ts'
import type { Following, RelayNews, StreamRelay } from './relay/stream-relay.ts'
import type { Answer, AnswerShape } from './call-plan.ts'

/** What another process tells of the answer it makes, for the callers of this one. */
export interface Elsewhere {
  /** Begins to follow; the cache has said that another process makes the answer. */
  follow(): void
  /** Resolves when everything was heard that was told up to now; undefined when nothing is followed. */
  catchUp(): Promise<void> | undefined
  stop(): void
}

/** Puts what a relay tells of a key into the recording of its callers here. */
export function listenElsewhere<Part>(
  relay: StreamRelay,
  key: string,
  { recording, shape }: { recording: Recording<Part, Answer>; shape: AnswerShape<Part> },
): Elsewhere {
  let following: Following | undefined
  let parts: Part[] = []
  let pour: (part: Part) => void = () => {}

  function hear(news: RelayNews): void {
    if (news.kind === 'begun') {
      parts = []
      pour = pourInto(recording, shape.continuing)
    } else if (news.kind === 'parts') {
      for (const part of news.parts as readonly Part[]) {
        parts.push(part)
        pour(part)
      }
    } else if (news.kind === 'failed') {
      // Before the first part everybody may ask the model for himself.
      if (recording.parts.length > 0) recording.fail(new AiError('E_CALL_ELSEWHERE', news.message))
    } else if (news.answer === undefined) recording.complete(shape.gather(parts))
    else finish(recording, news.answer as Answer, shape)
  }

  return {
    follow() {
      following ??= relay.follow(key, hear)
    },
    catchUp: () => following?.catchUp(),
    stop: () => following?.stop(),
  }
}

/** Ends a recording with a whole answer, of which a part may have been given. */
export function finish<Part>(
  recording: Recording<Part, Answer>,
  answer: Answer,
  shape: AnswerShape<Part>,
): void {
  if (recording.parts.length > 0) {
    const pour = pourInto(recording, shape.continuing)
    for (const part of shape.partsOf(answer)) pour(part)
  }
  recording.complete(answer)
}
