import type { SlotMap } from '../catalog/json.ts'
import { askToConfirm, intentLabel, showSlots, showValue } from './ask.ts'
import { type DecideOptions, type Decision, intentOf, join } from './decision.ts'
import { defaultsOf } from './defaults.ts'
import { type Filling, fillSlots } from './fill.ts'
import { phrasesOf } from './phrases.ts'
import type { Choice, Question, Standing, Task } from './standing.ts'
import { promptOf } from './validate.ts'

/** A decision that says nothing yet and leaves the session as it stands. */
export function blank(standing: Standing, intent: string | null, confidence: number): Decision {
  return {
    response: '',
    responseType: 'slot_prompt',
    parts: {},
    status: 'slot_filling',
    nextAction: 'none',
    intent,
    confidence,
    slots: {},
    missing: [],
    problems: {},
    fillings: [],
    candidates: [],
    transfers: [],
    standing,
  }
}

/** A task for what was chosen: with what was known of it before, or new. */
export function taskFor(choice: Choice, before: Task | undefined, now: Date): Task {
  const at = now.toISOString()
  if (before !== undefined) return { ...before, confidence: choice.confidence, touched_at: at }
  const { intent_name, confidence } = choice
  return { intent_name, confidence, slots: {}, begun_at: at, touched_at: at }
}

/**
 * Takes a task one step on: fills its slots with what the turn gave, tells what is wrong, asks for what is missing in
 * the order of the configuration, or sums up and asks for a yes. A query changes nothing, so it is carried out at once.
 * `begun` is the task that goes on, already the session's current one. Pure: everything it knows is in its arguments.
 */
export function advance(
  begun: Task,
  given: Choice['slots'],
  { standing, options }: { readonly standing: Standing; readonly options: DecideOptions },
): Decision {
  const { knowledge, language, today, thresholds } = options
  const intent = intentOf(begun.intent_name, knowledge)
  const base = blank(standing, begun.intent_name, begun.confidence)
  if (intent === undefined) return base
  const filling = fillSlots(intent, begun.slots, given, {
    today,
    language,
    show: (value) => showValue(value, knowledge, language),
    threshold: thresholds.slot_confidence_threshold,
    dependencies: options.dependencies.get(intent.intent_name) ?? [],
    defaults: defaultsOf(intent, options.preferences, knowledge),
  })
  const task = { ...begun, slots: filling.values }
  const ask = (question: Question): Standing => ({ ...standing, task, question })
  const filled = { ...base, slots: filling.values, problems: filling.problems, fillings: [filling] }
  const missing = filling.missing.map(({ slot_name }) => slot_name)
  const wrong = intent.slots.find(({ slot_name }) => filling.problems[slot_name] !== undefined)
  if (wrong !== undefined) {
    const message = join(language, ...Object.values(filling.problems))
    return {
      ...filled,
      missing,
      response: message,
      parts: { error_message: message, prompt: promptOf(wrong, language) },
      responseType: 'validation_error_prompt',
      status: 'validation_error',
      nextAction: 'correct_slot',
      standing: ask({ kind: 'slot', slot_name: wrong.slot_name }),
    }
  }
  const [next] = filling.missing
  if (next !== undefined) {
    return {
      ...filled,
      missing,
      response: join(language, phrasesOf(language).noted(heard(filling, options)), promptOf(next, language)),
      nextAction: 'collect_missing_slots',
      standing: ask({ kind: 'slot', slot_name: next.slot_name }),
    }
  }
  return complete({ ...filled, standing: { ...standing, task, question: undefined } }, filling, options)
}

function heard({ intent, given }: Filling, options: DecideOptions): readonly (readonly [string, string])[] {
  const values: SlotMap = Object.fromEntries(given.map(({ slot, value }) => [slot.slot_name, value]))
  return showSlots(intent, values, options)
}

/** Everything is known: a query is asked, anything else is summed up first. */
function complete(filled: Decision, { intent }: Filling, options: DecideOptions): Decision {
  const { task } = filled.standing
  const definition = options.functions.get(intent.function_call?.function_name ?? '')
  if (task === undefined || definition === undefined) {
    return {
      ...filled,
      response: phrasesOf(options.language).noService(intentLabel(intent, options.language)),
      responseType: 'error_with_alternatives',
      status: 'api_error',
    }
  }
  if (definition.is_idempotent) {
    return { ...filled, call: { intent, definition, task, askedIn: options.turn } }
  }
  return {
    ...filled,
    response: askToConfirm(intent, task.slots, options),
    nextAction: 'confirm',
    standing: { ...filled.standing, question: { kind: 'confirm', asked_in: options.turn } },
  }
}
