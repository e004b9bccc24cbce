// The order of a turn (originals 2.4): an answer to the open question first – which intent, yes or no, what to change,
// a slot's value – then what the sentence means by itself: nothing, several things, another task, the same one, talk.
// Pure: everything it knows is in its arguments. What it wants carried out is in `call`, and nothing is done here.
import type { IntentConfig } from '../catalog/intent.ts'
import { advance, blank, taskFor } from './advance.ts'
import { readAnswer } from './answer.ts'
import { askAgain, askWhich, intentLabel } from './ask.ts'
import { namesIntent, resolveChoice } from './choice.ts'
import { type DecideOptions, type Decision, type Heard, intentOf, join } from './decision.ts'
import { resume } from './go-on.ts'
import { findNamedSlot } from './named-slot.ts'
import { phrasesOf } from './phrases.ts'
import type { Choice, Standing } from './standing.ts'
import { type TalkParts, cancel, chat, lost, postpone, reject } from './talk.ts'
import { promptOf } from './validate.ts'
import { weigh } from './weigh.ts'

/** How many tasks a session has open at most, the current one among them (row A10). */
export const mostOpen = 5

const goingOn =
  /^(?:那|我们|请|好)*(?:继续|接着|回到|恢复|continue|resume|go on|let'?s continue|let'?s go on|back to|carry on)/

/** Decides one turn. */
export function decide(heard: Heard, standing: Standing, options: DecideOptions): Decision {
  const parts = { heard, standing, options }
  return answerQuestion(parts) ?? takeUp(parts) ?? mean(parts)
}

/** Reads the sentence as an answer; undefined when it is none. */
function answerQuestion(parts: TalkParts): Decision | undefined {
  const { heard, standing, options } = parts
  const { question, task } = standing
  if (question?.kind === 'choice') {
    const chosen = resolveChoice(heard.text, question.candidates, options.knowledge.intents)
    const open = { ...standing, question: undefined }
    return chosen === undefined ? undefined : begin(chosen, { ...parts, standing: open })
  }
  const intent = intentOf(task?.intent_name, options.knowledge)
  if (task === undefined || intent === undefined) return undefined
  if (question?.kind !== 'confirm' && question?.kind !== 'change') return undefined
  // 不对，是后天: a value for this task says more than yes or no.
  if (givesValues(heard, intent)) return undefined
  const answer = readAnswer(heard.text)
  if (answer === 'cancel') return cancel(parts, intentOf('cancel', options.knowledge))
  if (question.kind === 'confirm' && answer === 'yes') return carryOut(parts, intent, question.asked_in)
  if (question.kind === 'change' && answer === 'yes') return advance(task, {}, parts)
  const named = findNamedSlot(intent, heard.text, question.kind === 'change')
  if (named !== undefined) {
    const { [named.slot_name]: _, ...slots } = task.slots
    return {
      ...blank(standing, intent.intent_name, 0.95),
      response: promptOf(named, options.language),
      nextAction: 'correct_slot',
      slots,
      missing: [named.slot_name],
      standing: {
        ...standing,
        task: { ...task, slots },
        question: { kind: 'slot', slot_name: named.slot_name },
      },
    }
  }
  return answer === 'no' ? reject(parts, intentOf('reject', options.knowledge)) : undefined
}

function givesValues({ understood }: Heard, { intent_name }: IntentConfig): boolean {
  const found = Object.values(understood.slots)
  return understood.intent?.intent_name === intent_name && found.some(({ source }) => source !== 'text')
}

function carryOut(
  { standing, options }: TalkParts,
  intent: IntentConfig,
  askedIn: number,
): Decision | undefined {
  const definition = options.functions.get(intent.function_call?.function_name ?? '')
  const { task } = standing
  if (definition === undefined || task === undefined) return undefined
  return {
    ...blank({ ...standing, question: undefined }, intent.intent_name, 0.99),
    slots: task.slots,
    confirmed: true,
    call: { intent, definition, task, askedIn },
  }
}

/** 继续: what was put off or interrupted is taken up again, the one that is named or the last. */
function takeUp({ heard, standing, options }: TalkParts): Decision | undefined {
  if (!goingOn.test(heard.text.normalize('NFKC').toLowerCase().trim())) return undefined
  const named = standing.interrupted.findLast(({ intent_name: name }) =>
    namesIntent(intentOf(name, options.knowledge), heard.text),
  )
  const task = named ?? (standing.task === undefined ? standing.interrupted.at(-1) : undefined)
  if (task === undefined) return undefined
  const left =
    standing.task === undefined
      ? standing
      : { ...standing, interrupted: [...standing.interrupted, standing.task], task: undefined }
  const before = blank({ ...left, question: undefined }, task.intent_name, 0.95)
  return { ...resume(before, task, options), slots: task.slots }
}

/** Decides by what the sentence means. */
function mean(parts: TalkParts): Decision {
  const { heard, standing, options } = parts
  const { knowledge, thresholds } = options
  const meaning = weigh(heard.understood, {
    intents: knowledge.intents,
    thresholds,
    current: standing.task?.intent_name,
  })
  if (meaning.kind === 'none') return lost(parts)
  const open = standing.task !== undefined || standing.interrupted.length > 0
  // 取消机票 is no wish for a ticket while there is something to cancel.
  const stops = meaning.kind === 'ambiguous' && open && meaning.candidates.some(isCancel)
  if (stops) return cancel(parts, intentOf('cancel', knowledge))
  if (meaning.kind === 'ambiguous') return whichOne(meaning.candidates, parts)
  const intent = intentOf(meaning.choice.intent_name, knowledge)
  if (intent === undefined) return lost(parts)
  if (intent.slots.length > 0) return begin(meaning.choice, parts)
  if (intent.intent_name === 'cancel') return cancel(parts, intent)
  if (intent.intent_name === 'postpone') return postpone(parts, intent)
  return intent.intent_name === 'reject' ? reject(parts, intent) : chat(parts, intent)
}

function isCancel({ intent_name }: Choice): boolean {
  return intent_name === 'cancel'
}

function whichOne(candidates: readonly Choice[], { heard, standing, options }: TalkParts): Decision {
  return {
    ...blank(standing, null, heard.understood.confidence),
    response: askWhich(candidates, options),
    responseType: 'disambiguation',
    status: 'ambiguous',
    nextAction: 'disambiguate',
    candidates: candidates.map(({ intent_name: name, confidence }) => {
      const intent = intentOf(name, options.knowledge)
      return {
        intent: name,
        name: intent === undefined ? name : intentLabel(intent, options.language),
        confidence,
      }
    }),
    standing: { ...standing, question: { kind: 'choice', candidates } },
  }
}

/** Goes on with the task of an intent, or begins one: the current task waits on the stack, within its depth. */
function begin(choice: Choice, { heard, standing, options }: TalkParts): Decision {
  const { knowledge, language, now } = options
  const intent = intentOf(choice.intent_name, knowledge)
  const { task, interrupted } = standing
  if (task?.intent_name === choice.intent_name) {
    return advance(taskFor(choice, task, now), choice.slots, { standing, options })
  }
  const before = interrupted.findLast(({ intent_name }) => intent_name === choice.intent_name)
  const rest = interrupted.filter((other) => other !== before)
  const left = task === undefined ? rest : [...rest, task]
  if (left.length >= mostOpen) return tooMany({ heard, standing, options })
  const { postponed: _, ...known } = before ?? {}
  const begun = taskFor(choice, before === undefined ? undefined : (known as typeof before), now)
  const waiting = heard.further.length > 0 ? heard.further : standing.waiting
  const opened: Standing = { interrupted: left, waiting }
  const decision = advance(begun, choice.slots, { standing: opened, options })
  const label = intent === undefined ? '' : intentLabel(intent, language)
  const phrases = phrasesOf(language)
  if (heard.further.length > 0) {
    const names = heard.further.map(({ intent_name: name }) => intentOf(name, knowledge))
    const next = names.flatMap((one) => (one === undefined ? [] : [intentLabel(one, language)]))
    return {
      ...decision,
      response: join(language, phrases.several(label, next), decision.response),
      parts: {},
      responseType: 'multi_intent_with_continuation',
      status: 'multi_intent_processing',
      transfers: transfer(task?.intent_name, choice.intent_name),
    }
  }
  if (task === undefined) return decision
  return {
    ...decision,
    response: join(language, decision.call === undefined ? phrases.first(label) : '', decision.response),
    transfers: transfer(task.intent_name, choice.intent_name),
  }
}

function transfer(from: string | undefined, to: string): Decision['transfers'] {
  return from === undefined ? [] : [{ from, to, type: 'user_request' }]
}

function tooMany({ heard, standing, options }: TalkParts): Decision {
  const open = [...standing.interrupted, ...(standing.task === undefined ? [] : [standing.task])]
  const names = open.flatMap(({ intent_name: name }) => {
    const intent = intentOf(name, options.knowledge)
    return intent === undefined ? [] : [intentLabel(intent, options.language)]
  })
  const again = askAgain(standing, options)
  return {
    ...blank(standing, heard.understood.intent?.intent_name ?? null, heard.understood.confidence),
    response: join(options.language, phrasesOf(options.language).tooMany(names), again),
    responseType: 'error_with_alternatives',
    status: 'incomplete',
    nextAction: again === undefined ? 'none' : 'collect_missing_slots',
  }
}
