import type { IntentConfig } from '../catalog/intent.ts'
import { blank } from './advance.ts'
import { askAgain, intentLabel } from './ask.ts'
import { namesIntent } from './choice.ts'
import { type DecideOptions, type Decision, type Heard, intentOf, join } from './decision.ts'
import { goOn } from './go-on.ts'
import { inLanguage } from './language.ts'
import { phrasesOf } from './phrases.ts'
import type { Standing } from './standing.ts'

/** What a turn without slots is decided with. */
export interface TalkParts {
  readonly heard: Heard
  readonly standing: Standing
  readonly options: DecideOptions
}

function said(intent: IntentConfig, { language }: DecideOptions): string {
  return (
    inLanguage(language, intent.fallback_response, intent.fallback_response_en) ??
    phrasesOf(language).noAnswer(intentLabel(intent, language))
  )
}

function begin({ heard, standing }: TalkParts, intent: IntentConfig | undefined): Decision {
  return blank(standing, intent?.intent_name ?? null, heard.understood.confidence)
}

/** The end of the task under way, or of the interrupted one that the sentence names; others are gone back to. */
export function cancel(parts: TalkParts, intent: IntentConfig | undefined): Decision {
  const { heard, standing, options } = parts
  const { language, knowledge } = options
  const named = standing.interrupted.findLast(
    ({ intent_name: name }) =>
      name !== standing.task?.intent_name && namesIntent(intentOf(name, knowledge), heard.text),
  )
  const dropped = named ?? standing.task
  const base = {
    ...begin(parts, intent),
    responseType: 'cancellation_confirmation',
    status: 'intent_cancelled',
  }
  const task = intentOf(dropped?.intent_name, knowledge)
  if (task === undefined) {
    return {
      ...base,
      response: phrasesOf(language).nothingOpen,
      standing: { interrupted: standing.interrupted, waiting: [] },
    }
  }
  const label = intentLabel(task, language)
  const cancelled = {
    ...base,
    response: phrasesOf(language).cancelled(label),
    parts: { display_name: label },
  }
  if (named !== undefined) {
    const interrupted = standing.interrupted.filter((other) => other !== named)
    const left = { ...standing, interrupted }
    return keep({ ...cancelled, standing: left }, { ...parts, standing: left })
  }
  return goOn(
    { ...cancelled, standing: { interrupted: standing.interrupted, waiting: standing.waiting } },
    options,
  )
}

/** The task under way is kept for later; nothing is asked any more. */
export function postpone(parts: TalkParts, intent: IntentConfig): Decision {
  const { standing, options } = parts
  const task = intentOf(standing.task?.intent_name, options.knowledge)
  const base = { ...begin(parts, intent), responseType: 'postponement_with_save', status: 'intent_postponed' }
  if (standing.task === undefined || task === undefined) return { ...base, response: said(intent, options) }
  const label = intentLabel(task, options.language)
  return {
    ...base,
    response: phrasesOf(options.language).postponed(label),
    parts: { display_name: label },
    standing: { interrupted: [...standing.interrupted, { ...standing.task, postponed: true }], waiting: [] },
  }
}

/** No to a summary asks what to change; no to anything else is acknowledged, and the question stays. */
export function reject(parts: TalkParts, intent: IntentConfig | undefined): Decision {
  const { standing, options } = parts
  const phrases = phrasesOf(options.language)
  const base = {
    ...begin(parts, intent),
    responseType: 'rejection_acknowledgment',
    status: 'suggestion_rejected',
  }
  if (standing.question?.kind !== 'confirm') {
    return { ...base, response: intent === undefined ? phrases.whatToChange : said(intent, options) }
  }
  return {
    ...base,
    response: phrases.whatToChange,
    nextAction: 'correct_slot',
    slots: standing.task?.slots ?? {},
    standing: { ...standing, question: { kind: 'change' } },
  }
}

/** The answer to talk, and then the open question again. */
export function chat(parts: TalkParts, intent: IntentConfig): Decision {
  const { standing, options } = parts
  const answer = said(intent, options)
  const smallTalk = intent.intent_name === 'small_talk'
  const open = standing.task !== undefined || standing.question !== undefined
  return keep(
    {
      ...begin(parts, intent),
      response: answer,
      parts: { answer },
      responseType: smallTalk ? 'small_talk_with_context_return' : 'qa_response',
      status: smallTalk && open ? 'context_maintained' : 'interruption_handled',
      ...(smallTalk ? {} : { query: parts.heard.text }),
    },
    parts,
  )
}

/** What nobody understood: the open question again, or what one can say. Retrieval is asked where there is one. */
export function lost(parts: TalkParts): Decision {
  const { standing, options, heard } = parts
  const { knowledge, language } = options
  const phrases = phrasesOf(language)
  const open = askAgain(standing, options) !== undefined
  const examples = knowledge.intents
    .filter(({ slots }) => slots.length > 0)
    .flatMap(
      ({ examples: all }) => all.find((text) => /\p{Script=Han}/u.test(text) === (language === 'zh')) ?? [],
    )
  return keep(
    {
      ...begin(parts, undefined),
      response: open ? phrases.notUnderstoodSlot : phrases.notUnderstood(examples.slice(0, 3)),
      responseType: 'error_with_alternatives',
      status: 'incomplete',
      nextAction: 'rephrase',
      query: heard.text,
    },
    parts,
  )
}

/** Retrieval's answer in the place of what would have been said. */
export function withAnswer(decision: Decision, answer: string, options: DecideOptions): Decision {
  const again = askAgain(decision.standing, options)
  return {
    ...decision,
    query: undefined,
    response: join(options.language, answer, again),
    parts: {},
    responseType: 'qa_response',
    status: 'ragflow_handled',
    nextAction: again === undefined ? 'none' : decision.nextAction,
  }
}

/** The decision with the open question after what it says. */
function keep(decision: Decision, { standing, options }: TalkParts): Decision {
  const again = askAgain(standing, options)
  if (again === undefined) return decision
  const { question, task } = standing
  const slot = question?.kind === 'slot' ? [question.slot_name] : []
  return {
    ...decision,
    response: join(options.language, decision.response, again),
    parts: partsWith(decision, again, options),
    nextAction: nextActions[question?.kind ?? 'slot'],
    slots: task?.slots ?? {},
    missing: slot,
  }
}

/** A plain answer has one part, so the question goes into it; a template with a place for the question has it there. */
function partsWith(decision: Decision, again: string, { language }: DecideOptions): Decision['parts'] {
  const { parts, response, responseType } = decision
  return responseType === 'qa_response'
    ? { answer: join(language, response, again) }
    : { ...parts, prompt: again }
}

const nextActions = {
  slot: 'collect_missing_slots',
  confirm: 'confirm',
  change: 'correct_slot',
  choice: 'disambiguate',
} as const
