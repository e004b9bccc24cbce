import type { CallOutcome } from './execute.ts'
import { intentLabel, showSlots, showValue } from './ask.ts'
import { type DecideOptions, type Decision, join } from './decision.ts'
import { goOn } from './go-on.ts'
import { inLanguage } from './language.ts'
import { phrasesOf } from './phrases.ts'

/**
 * The decision once its call came out: the result in the words of the function's configuration, and then what comes
 * next. A booking that failed keeps its summary: another yes tries again with the same idempotency key.
 */
export function conclude(decision: Decision, outcome: CallOutcome, options: DecideOptions): Decision {
  const { call, standing } = decision
  if (call === undefined) return decision
  const { language, knowledge } = options
  const { definition, intent, task } = call
  // What was carried out before in this turn gives the reply its kind.
  const first = decision.apiResult === undefined
  const about = { ...decision, call: undefined, parts: {} }
  if (!outcome.ok) {
    const failure = inLanguage(language, definition.error_template, definition.error_template_en)
    const said = failure ?? phrasesOf(language).callFailed(intentLabel(intent, language))
    const again = definition.is_idempotent ? undefined : phrasesOf(language).tryAgain
    const failed: Decision = {
      ...about,
      response: join(language, decision.response, said, again),
      ...(first ? { responseType: 'error_with_alternatives', status: 'api_error' } : {}),
      nextAction: again === undefined ? 'none' : 'confirm',
      apiResult: decision.apiResult ?? {
        success: false,
        error_code: outcome.code,
        error_message: outcome.message,
      },
    }
    if (again === undefined) return goOn({ ...failed, standing: { ...standing, task: undefined } }, options)
    return {
      ...failed,
      standing: { ...standing, task, question: { kind: 'confirm', asked_in: call.askedIn } },
    }
  }
  const template = inLanguage(language, definition.success_template, definition.success_template_en)
  const shown = Object.entries(task.slots).map(([name, value]) => [
    name,
    showValue(String(value), knowledge, language),
  ])
  const values = { ...outcome.result, ...Object.fromEntries(shown) } as Record<string, unknown>
  const said =
    template?.replaceAll(/\$\{(\w+)\}/g, (whole, name: string) => {
      const value = values[name]
      return typeof value === 'string' || typeof value === 'number' ? String(value) : whole
    }) ?? phrasesOf(language).done(intentLabel(intent, language), showSlots(intent, task.slots, options))
  const answered = definition.is_idempotent ? { answered: intent.intent_name } : {}
  return goOn(
    {
      ...about,
      response: join(language, decision.response, said),
      ...(first
        ? { responseType: definition.is_idempotent ? 'api_result' : 'task_completion', status: 'completed' }
        : {}),
      nextAction: 'none',
      apiResult: decision.apiResult ?? outcome.result,
      standing: { interrupted: standing.interrupted, waiting: standing.waiting, ...answered },
    },
    options,
  )
}
