import type { Ttl } from '@reprise/cache'
import type { StandardSchemaV1 } from '@standard-schema/spec'
import { type Change } from './change.ts'
import { ResultsError, quote } from './errors.ts'
import { labelsOf } from './labels.ts'
import { isKept } from './place.ts'
import type { Derivation } from './result.ts'
import { readDuration } from './settings.ts'
import * as statements from './statements.ts'
import { type Store, typeOf } from './store.ts'

/** What is said of a result beside its value. */
export interface Description {
  readonly derivation?: Derivation
  readonly tags?: readonly string[]
  /** Who or what asked for it, such as `nightly` or a user. */
  readonly triggeredBy?: string
}

/** What is said of a finished result beside its value. */
export interface Content extends Description {
  readonly score?: number
  /** When it ends, instead of by the type's rule; null for never. */
  readonly expiresAt?: Date | string | null
  /** The rule by which it ends, from when it is finished, instead of the type's. */
  readonly expires?: Ttl
}

/** A description with nothing left open. */
export interface Described {
  readonly derivation: Derivation
  readonly tags: readonly string[]
  readonly triggeredBy: string | null
  readonly labels: readonly string[]
}

const refuse = (message: string): ResultsError => new ResultsError('E_RESULT_OPTION', message)

/** Names of things that a result was derived from, checked. @throws E_RESULT_OPTION */
export function texts(values: readonly string[], name: string): readonly string[] {
  if (!Array.isArray(values) || values.length > 100) throw refuse(`${name}: give an array of at most 100`)
  for (const value of values) {
    if (typeof value !== 'string' || value === '' || value.length > 300 || !isKept(value)) {
      throw refuse(`${name} has ${quote(value)}: give 1 to 300 characters of well-formed text without NUL`)
    }
  }
  return values
}

function text(value: string | undefined, name: string): void {
  if (value !== undefined) texts([value], name)
}

function finite(value: number | undefined, name: string): void {
  if (value !== undefined && !Number.isFinite(value))
    throw refuse(`${name} is ${quote(value)}: give a finite number`)
}

/** Reads a description, over what was said before. @throws E_RESULT_OPTION quoting the bad value */
export function describe(said: Content, before?: Described): Described {
  const derivation = { ...before?.derivation, ...said.derivation }
  const { model, strategy, promptVersion, inputsDigest, rank, cost, tokens = {}, sources = [] } = derivation
  for (const [name, value] of Object.entries({ model, strategy, promptVersion, inputsDigest }))
    text(value, name)
  for (const [name, value] of Object.entries({ rank, cost, score: said.score })) finite(value, name)
  for (const [name, value] of Object.entries(tokens)) {
    if (!Number.isSafeInteger(value) || value < 0)
      throw refuse(`tokens.${name} is ${quote(value)}: give a whole number`)
  }
  const tags = [...new Set([...(before?.tags ?? []), ...texts(said.tags ?? [], 'tags')])]
  text(said.triggeredBy, 'triggeredBy')
  texts(sources, 'sources')
  return {
    derivation,
    tags,
    triggeredBy: said.triggeredBy ?? before?.triggeredBy ?? null,
    labels: labelsOf(derivation, tags),
  }
}

/** The parameters of a description: who triggered it, eight of derivation, sources and tags. */
export function parametersOf({ derivation, tags, triggeredBy }: Described): readonly unknown[] {
  const { model, strategy, rank, cost, promptVersion, inputsDigest, tokens = {}, sources = [] } = derivation
  const asked = [triggeredBy, model, strategy, rank, cost, promptVersion, inputsDigest]
  return [...asked, tokens.input, tokens.output, sources, tags]
}

/** A value as JSON, checked by the schema of its type. @throws E_RESULT_VALUE */
export async function readValue(store: Store, type: string, given: unknown): Promise<string> {
  const schema = typeOf(store, type).schema
  const value = schema === undefined ? given : await validated(type, schema, given)
  let json: string | undefined
  try {
    json = JSON.stringify(value)
  } catch (cause) {
    throw new ResultsError('E_RESULT_VALUE', `the value of ${type} is no JSON: ${(cause as Error).message}`, {
      cause,
    })
  }
  if (json === undefined) {
    throw new ResultsError(
      'E_RESULT_VALUE',
      `the value of ${type} is ${quote(value)}, which is no JSON; give null for nothing`,
    )
  }
  const bytes = Buffer.byteLength(json)
  if (bytes <= store.settings.maxValueBytes) return json
  throw new ResultsError(
    'E_RESULT_VALUE',
    `the value of ${type} has ${bytes} bytes of JSON; maxValueBytes allows ${store.settings.maxValueBytes}`,
  )
}

async function validated(type: string, schema: StandardSchemaV1, given: unknown): Promise<unknown> {
  const outcome = await schema['~standard'].validate(given)
  if (outcome.issues === undefined) return outcome.value
  const problems = outcome.issues.slice(0, 3).map(({ message, path = [] }) => {
    const place = path.map((step) => String(typeof step === 'object' ? step.key : step)).join('.')
    return place === '' ? message : `${place}: ${message}`
  })
  throw new ResultsError(
    'E_RESULT_VALUE',
    `the value of ${type} does not satisfy its schema: ${problems.join('; ')}`,
  )
}

/** The end of a result that is finished now, null for never (row D3). @throws E_RESULT_OPTION */
export function endOf(
  store: Store,
  type: string,
  { now, content }: { now: Date; content: Content },
): Date | null {
  const { expiresAt, expires = typeOf(store, type).expires } = content
  if (expiresAt === null) return null
  const at = now.getTime()
  const end = expiresAt === undefined ? ruleEnd(expires, at) : new Date(expiresAt).getTime()
  if (end === Infinity) return null
  if (end > at) return new Date(end)
  throw refuse(
    `the end of ${type} is ${quote(expiresAt ?? end)}, which is not after ${now.toISOString()}: nothing is born expired`,
  )
}

function ruleEnd(rule: Ttl, now: number): number {
  return typeof rule === 'object' ? rule.endsAt(now) : now + readDuration(rule, 'expires', 1)
}

/** Makes the labels of a result these and no others. */
export async function writeLabels(change: Change, id: number, labels: readonly string[]): Promise<void> {
  await change.transaction.query(statements.label, [change.site, labels, id])
}
