import { type DateMatch, type Moment, findDates } from './dates.ts'
import { type EntityFinder, type EntityMatch, conceptType } from './entities.ts'
import { type Placeholder, gramsOf, mask } from './grams.ts'
import { type Normalised, normalise } from './normalise.ts'
import { type Role, findRoles } from './roles.ts'
import type { Speller } from './spelling.ts'

/** A place with which end of the journey it is, where the sentence tells. */
export interface Place extends EntityMatch {
  readonly role: Role | undefined
  /** Whether the sentence says that it is not this: `不要希尔顿`, `not the Hilton`. */
  readonly negated: boolean
}

/** A sentence with everything that was found in it. */
export interface Reading extends Normalised {
  readonly dates: readonly DateMatch[]
  readonly entities: readonly Place[]
  /** The sentence with dates and entities as `<date>` and `<city>`. */
  readonly masked: string
  /** Whether nothing is left but dates, entities and small words: `北京`, `从北京出发`, `明天吧`. */
  readonly bare: boolean
}

const smallWords =
  /从|由|到|去|飞往|飞|往|是|在|就|改成|改为|换成|出发|起飞|走|那|我|要|想|好|行|[.,!?。，！？、~\s]|\b(?:from|to|in|on|at|it is|it's|is|i'm|leaving|departing|going|city|make it|ok|yes)\b/g

// 是不是北京 and 要不要商务舱 ask.
const negation =
  /(?:(?<!要)不要|(?<!是)不是|(?<!去)不去|不住|不坐|不想(?:去|住|坐|要|飞)|别(?:去|住|坐|要|订)|除了|\b(?:not|no|without|except(?: for)?|anything but)(?: (?:the|a|an|to|from|in|at|with))*) ?$/

/** When and where a sentence is said, and who sets its spelling right. */
export interface ReadingMoment extends Moment {
  readonly spell?: Speller
}

function spelt(normalised: Normalised, spell: Speller | undefined): Normalised {
  const lower = spell?.(normalised.lower) ?? normalised.lower
  return lower === normalised.lower ? normalised : { text: lower, lower }
}

// 谢谢 after something else is polite and no topic.
const courtesy = 'courtesy'
const courtesies = new Set(['greeting', 'thanks', 'bye'])

/** Reads the dates and entities of a sentence. @throws RangeError for an unknown zone */
export function read(original: string, find: EntityFinder, moment: ReadingMoment): Reading {
  const normalised = spelt(normalise(original), moment.spell)
  const sentence = normalised.lower
  const entitiesFound = find(sentence)
  const dates = findDates(sentence, moment).filter(
    (date) => !entitiesFound.some((entity) => within(date, entity)),
  )
  // 7天 of 7天后 is no hotel; 今晚 is both a day and a time of day.
  const matches = entitiesFound.filter(
    (entity) => !dates.some((date) => date.start === entity.start && within(entity, date)),
  )
  const named = matches.filter(({ type }) => type === conceptType)
  const polite = named.every(({ kind }) => courtesies.has(kind))
  const concepts = polite ? named : named.filter(({ kind }) => !courtesies.has(kind))
  const politeness = polite ? [] : named.filter(({ kind }) => courtesies.has(kind))
  const values = matches.filter(({ type }) => type !== conceptType)
  const places = values.filter(({ type }) => type === 'city')
  const roles = findRoles(sentence, places, [...dates, ...values.filter(({ type }) => type !== 'city')])
  const entities = values.map((match) => {
    const place = places.indexOf(match)
    const negated = negation.test(sentence.slice(0, match.start))
    return { ...match, role: place < 0 ? undefined : roles[place], negated }
  })
  const placeholders: Placeholder[] = [
    ...dates.map(({ start, end }) => ({ kind: 'date', start, end })),
    ...entities.map(({ kind, start, end }) => ({ kind, start, end })),
    ...concepts.map(({ kind, start, end }) => ({ kind, start, end })),
  ]
  const masked = mask(sentence, [
    ...placeholders,
    ...politeness.map(({ start, end }) => ({ kind: courtesy, start, end })),
  ]).replaceAll(`<${courtesy}>`, ' ')
  const rest = masked.replace(/<[a-z_]+>/g, '').replace(smallWords, '')
  return {
    ...normalised,
    dates,
    entities,
    masked,
    bare: concepts.length === 0 && placeholders.length > 0 && [...gramsOf(rest).keys()].length === 0,
  }
}

function within(inner: { start: number; end: number }, outer: { start: number; end: number }): boolean {
  return (
    inner.start >= outer.start && inner.end <= outer.end && inner.end - inner.start < outer.end - outer.start
  )
}
