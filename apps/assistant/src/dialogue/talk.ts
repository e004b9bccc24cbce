import type { IntentConfig } from '../catalog/intent.ts'
import type { DecideOptions, Decision, Situation } from './decision.ts'
import { inLanguage } from './language.ts'
import { phrasesOf } from './phrases.ts'
import { promptOf } from './validate.ts'

interface Manner {
  readonly responseType: string
  readonly status: string
  readonly nextAction: string
  /** What becomes of the task under way: it goes on with its question, waits silently, or is dropped. */
  readonly task: 'ask-again' | 'wait' | 'drop'
}

const manners: Readonly<Record<string, Manner>> = {
  cancel: {
    responseType: 'cancellation_confirmation',
    status: 'intent_cancelled',
    nextAction: 'none',
    task: 'drop',
  },
  postpone: {
    responseType: 'postponement_with_save',
    status: 'intent_postponed',
    nextAction: 'none',
    task: 'wait',
  },
  reject: {
    responseType: 'rejection_acknowledgment',
    status: 'suggestion_rejected',
    nextAction: 'none',
    task: 'wait',
  },
  small_talk: {
    responseType: 'small_talk_with_context_return',
    status: 'interruption_handled',
    nextAction: 'none',
    task: 'ask-again',
  },
}
const answer: Manner = {
  responseType: 'qa_response',
  status: 'interruption_handled',
  nextAction: 'none',
  task: 'ask-again',
}
const lost: Manner = {
  responseType: 'error_with_alternatives',
  status: 'incomplete',
  nextAction: 'rephrase',
  task: 'ask-again',
}

/** What the assistant has just asked, to be asked again. */
function question({ state }: Situation, { knowledge, language }: DecideOptions): string | undefined {
  const { awaited } = state
  const intent = knowledge.intents.find(({ intent_name }) => intent_name === awaited?.intent_name)
  const slot = intent?.slots.find(({ slot_name }) => slot_name === awaited?.slot_name)
  return slot === undefined ? undefined : promptOf(slot, language)
}

function sayLost(asked: string | undefined, { knowledge, language }: DecideOptions): string {
  if (asked !== undefined) return phrasesOf(language).notUnderstoodSlot
  const examples = knowledge.intents
    .filter(({ slots }) => slots.length > 0)
    .flatMap(
      ({ examples: all }) => all.find((text) => /\p{Script=Han}/u.test(text) === (language === 'zh')) ?? [],
    )
  return phrasesOf(language).notUnderstood(examples.slice(0, 3))
}

function partsOf(
  { intent: name }: Situation,
  { knowledge, language }: DecideOptions,
  { said, again }: { said: string; again: string | undefined },
): Decision['parts'] {
  const task = knowledge.intents.find(({ intent_name }) => intent_name === name)
  return {
    answer: said,
    ...(again === undefined ? {} : { prompt: again }),
    ...(task === undefined
      ? {}
      : { display_name: inLanguage(language, task.display_name, task.display_name_en?.toLowerCase()) }),
  }
}

/** The turn of an intent without slots, or of a sentence that was not understood: the task under way is kept and asked on. */
export function describeTalk(
  intent: IntentConfig | undefined,
  situation: Situation,
  options: DecideOptions,
): Decision {
  const { language } = options
  const manner = intent === undefined ? lost : (manners[intent.intent_name] ?? answer)
  const asked = question(situation, options)
  const said =
    intent === undefined
      ? sayLost(asked, options)
      : (inLanguage(language, intent.fallback_response, intent.fallback_response_en) ??
        phrasesOf(language).noAnswer(inLanguage(language, intent.display_name, intent.display_name_en)))
  const again = manner.task === 'ask-again' ? asked : undefined
  const kept = manner.task === 'drop' ? undefined : situation.state.awaited
  return {
    response: again === undefined ? said : `${said}${language === 'en' ? ' ' : ''}${again}`,
    responseType: manner.responseType,
    parts: partsOf(situation, options, { said, again }),
    status: manner.status,
    nextAction: again === undefined ? manner.nextAction : 'collect_missing_slots',
    intent: intent?.intent_name ?? null,
    slots: manner.task === 'drop' ? {} : situation.slots,
    awaited: kept,
    missing: again === undefined || kept === undefined ? [] : [kept.slot_name],
    problems: {},
    filling: undefined,
  }
}
