import { advance, taskFor } from './advance.ts'
import { intentLabel } from './ask.ts'
import { type DecideOptions, type Decision, intentOf, join } from './decision.ts'
import { phrasesOf } from './phrases.ts'
import type { Standing, Task } from './standing.ts'

/** How long an interrupted task can be gone back to (row A10). */
const frameLife = 24 * 3_600_000

/** The session without the tasks that were interrupted too long ago. */
export function withoutExpired(standing: Standing, now: Date): Standing {
  const living = ({ touched_at }: Task): boolean => now.getTime() - Date.parse(touched_at) < frameLife
  return { ...standing, interrupted: standing.interrupted.filter(living) }
}

/**
 * What comes after a task that ended: the next one of the same sentence, else the one that was interrupted last. Says
 * so after what the decision says already. A task that was put off waits until it is asked for.
 */
export function goOn(ended: Decision, options: DecideOptions): Decision {
  const { knowledge, language, now } = options
  const phrases = phrasesOf(language)
  const [next, ...waiting] = ended.standing.waiting
  const intent = intentOf(next?.intent_name, knowledge)
  if (next !== undefined && intent !== undefined) {
    const begun = advance(taskFor(next, undefined, now), next.slots, {
      standing: { ...ended.standing, task: undefined, question: undefined, waiting },
      options,
    })
    return follow(ended, begun, {
      said: phrases.next(intentLabel(intent, language)),
      type: 'system_redirect',
      options,
    })
  }
  const last = ended.standing.interrupted.findLast(({ postponed }) => postponed !== true)
  return last === undefined ? ended : resume(ended, last, options)
}

/** Takes an interrupted task up again, with its question, after what is said already. */
export function resume(before: Decision, task: Task, options: DecideOptions): Decision {
  const { postponed: _, ...taken } = task
  const intent = intentOf(task.intent_name, options.knowledge)
  const interrupted = before.standing.interrupted.filter((other) => other !== task)
  const standing = { ...before.standing, interrupted, task: undefined, question: undefined }
  if (intent === undefined) return { ...before, standing }
  const again = advance({ ...taken, touched_at: options.now.toISOString() }, {}, { standing, options })
  const said = phrasesOf(options.language).resume(intentLabel(intent, options.language))
  return follow(before, again, { said, type: 'completion', options })
}

function follow(
  first: Decision,
  second: Decision,
  how: {
    readonly said: string
    readonly type: 'system_redirect' | 'completion'
    readonly options: DecideOptions
  },
): Decision {
  const { said, type, options } = how
  const to = second.standing.task?.intent_name ?? second.intent
  return {
    ...first,
    response: join(
      options.language,
      first.response,
      said,
      second.response.replace(/^(?:好的。|All right\. )/, ''),
    ),
    parts: {},
    nextAction: second.nextAction,
    missing: second.missing,
    problems: { ...first.problems, ...second.problems },
    fillings: [...first.fillings, ...second.fillings],
    transfers: to === null ? first.transfers : [...first.transfers, { from: first.intent, to, type }],
    standing: second.standing,
    call: second.call,
  }
}
