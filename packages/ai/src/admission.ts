import { schemaCheck } from './schema-check.ts'

/** What an answer is judged by, in one shape for every library. */
export interface AnswerFacts {
  /** Whether it came to its end. */
  readonly complete: boolean
  /** In the words of the AI SDK: `stop`, `length`, `content-filter`, `tool-calls`, `error`, `other`. */
  readonly finishReason: string
  readonly text: string
  /** Calls of tools that the caller is to run, with their input as JSON text. */
  readonly toolCalls: readonly { readonly name: string; readonly input: string }[]
  /** Whether there is anything besides text and tool calls: files, sources. */
  readonly other: boolean
}

/** What the request demanded of it. */
export interface Demands {
  /** Whether the text must be JSON, and the JSON Schema that it must satisfy. */
  readonly json?: { readonly schema?: object | undefined } | undefined
  /** JSON Schemas of inputs by the name of the tool. */
  readonly tools: ReadonlyMap<string, object>
}

/** Why an answer is not kept. */
export type AnswerRefusal =
  | 'interrupted'
  | 'truncated'
  | 'filtered'
  | 'failed'
  | 'unfinished'
  | 'empty'
  | 'not-json'
  | 'schema-failed'
  | 'tool-input-failed'
  | 'rejected'

/** Which answers are kept, besides those that are by default. */
export interface Admission {
  /** Kept although by default they are not. */
  readonly alsoKeep?: readonly AnswerRefusal[]
  /** A last word on answers that would be kept; false refuses. */
  readonly check?: (facts: AnswerFacts) => boolean
}

const byFinishReason: Readonly<Record<string, AnswerRefusal | undefined>> = {
  stop: undefined,
  'tool-calls': undefined,
  length: 'truncated',
  'content-filter': 'filtered',
  error: 'failed',
  interrupted: 'interrupted',
}

/**
 * Why an answer must not be kept, or undefined. Kept by default is what is complete: ended by the model itself, not
 * empty, JSON of its schema where JSON was asked for, tool calls that satisfy the schemas of their tools.
 * A schema that cannot be compiled checks nothing but that there is JSON.
 */
export function refusalOf(
  facts: AnswerFacts,
  demands: Demands,
  { alsoKeep = [], check = () => true }: Admission = {},
): AnswerRefusal | undefined {
  for (const refusal of refusals(facts, demands)) if (!alsoKeep.includes(refusal)) return refusal
  return check(facts) ? undefined : 'rejected'
}

function* refusals(facts: AnswerFacts, { json, tools }: Demands): Generator<AnswerRefusal> {
  if (!facts.complete) yield 'interrupted'
  const { finishReason, text, toolCalls } = facts
  const ended = Object.hasOwn(byFinishReason, finishReason) ? byFinishReason[finishReason] : 'unfinished'
  if (ended !== undefined) yield ended
  if (text.trim() === '' && toolCalls.length === 0 && !facts.other) yield 'empty'
  if (json !== undefined && toolCalls.length === 0) {
    const value = parse(text)
    if (value === undefined) yield 'not-json'
    else if (!satisfies(value, json.schema)) yield 'schema-failed'
  }
  const wrong = toolCalls.some(({ name, input }) => {
    const value = parse(input === '' ? '{}' : input)
    return value === undefined || !satisfies(value, tools.get(name))
  })
  if (wrong) yield 'tool-input-failed'
}

function satisfies(value: unknown, schema: object | undefined): boolean {
  return schema === undefined || (schemaCheck(schema)?.(value) ?? true)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
