import { splitClauses } from '../recognise/clauses.ts'
import type { RecognitionRequest } from '../recognise/recogniser.ts'
import type { Heard } from './decision.ts'
import type { ContextUsed, Understand, Understanding } from './understand.ts'

/** Reads a message: what it means, and what else it asks for. */
export type Hear = (request: RecognitionRequest, userId: string, contextUsed: ContextUsed) => Promise<Heard>

interface Group {
  readonly text: string
  readonly intent: string | undefined
}

/** Closer than this to the likeliest intent, another may be meant as well: 订去上海 after 订机票 is the flight's. */
const asLikely = 0.1

function mayMean({ intent, candidates = [] }: Understanding, name: string): boolean {
  if (intent?.intent_name === name) return true
  const found = candidates.find(({ intent_name }) => intent_name === name)
  return found !== undefined && (intent?.confidence ?? 0) - found.confidence < asLikely
}

/**
 * Makes the reading of messages that may ask for several things: 查余额，然后订去上海的机票. A clause that clearly means
 * another task than those before it begins one of its own; any other belongs to the one before it.
 */
export function createHear(understand: Understand): Hear {
  return async (request, userId, contextUsed) => {
    const { text, knowledge } = request
    const clauses = splitClauses(text)
    const whole = (): Promise<Understanding> => understand(request, userId, contextUsed)
    if (clauses.length < 2) return { text, understood: await whole(), further: [] }

    const { awaited: _, ...alone } = request
    const tasks = new Set(
      knowledge.intents.filter(({ slots }) => slots.length > 0).map((one) => one.intent_name),
    )
    const groups: Group[] = []
    for (const clause of clauses) {
      const understood = await understand({ ...alone, text: clause }, userId, contextUsed)
      const name = understood.intent?.intent_name
      const task =
        name !== undefined && understood['only_values'] !== true && tasks.has(name) ? name : undefined
      const last = groups.at(-1)
      const other = task !== undefined && last?.intent !== undefined && !mayMean(understood, last.intent)
      if (last === undefined || other) {
        groups.push({ text: clause, intent: task })
      } else {
        groups[groups.length - 1] = { text: `${last.text}，${clause}`, intent: last.intent ?? task }
      }
    }
    if (groups.length < 2) return { text, understood: await whole(), further: [] }
    const read = await Promise.all(
      groups.map((group) => understand({ ...alone, text: group.text }, userId, contextUsed)),
    )
    const [first, ...others] = read
    const further = others.flatMap(({ intent, confidence, slots }) =>
      intent === null ? [] : [{ intent_name: intent.intent_name, confidence, slots }],
    )
    // A clause that lost its meaning when it was put together with others leaves the sentence as it was.
    if (first === undefined || first.intent === null || further.length < others.length) {
      return { text, understood: await whole(), further: [] }
    }
    return { text, understood: first, further }
  }
}
