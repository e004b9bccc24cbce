import { en, zh } from 'chrono-node'
import { dayIn, dayText, exists } from './calendar.ts'
import { dateRules } from './date-rules.ts'

/** A day that a sentence names: `YYYY-MM-DD`, and where it is said; `end` is exclusive. */
export interface DateMatch {
  readonly value: string
  readonly text: string
  readonly start: number
  readonly end: number
}

/** When and where a sentence is said. */
export interface Moment {
  readonly now: Date
  /** A zone of the IANA database, such as `Asia/Shanghai`. */
  readonly timezone: string
}

// chrono reads these as days though they name a time, or a span of several days.
const vague =
  /^(?:now|right now|currently|(?:next|this|last|past) (?:week|month|year|weekend)|现在|马上|立刻|刚刚)$/
const namesDay = /[今明后昨前大]|[年月日号周]|星期|礼拜|[a-z]{3}|\d/

/**
 * The days that a lower-case sentence names, in its order and without overlaps: our own rules first, then
 * chrono-node in Chinese and English. Only whole days: chrono works at noon of the day that it is in the zone, on
 * the machine's own clock face, because its Chinese parser ignores zones and takes 明天 before two o'clock for today.
 * @throws RangeError for an unknown zone
 */
export function findDates(sentence: string, moment: Moment): readonly DateMatch[] {
  const day = dayIn(moment.now, moment.timezone)
  const found: DateMatch[] = []
  const add = (match: DateMatch): void => {
    if (found.every((other) => match.end <= other.start || match.start >= other.end)) found.push(match)
  }
  for (const rule of dateRules) {
    for (const match of sentence.matchAll(rule.pattern)) {
      const value = rule.read(match, { day, ...moment })
      if (value === undefined) continue
      add({
        value: dayText(value),
        text: match[0],
        start: match.index,
        end: match.index + match[0].length,
      })
    }
  }
  const noon = new Date(day.year, day.month - 1, day.day, 12)
  for (const parser of [zh.hans, en.casual]) {
    for (const { text, index, start } of parser.parse(sentence, noon, { forwardDate: true })) {
      const named = text.trim()
      const certain = start.isCertain('day') || start.isCertain('weekday')
      if (!certain || vague.test(named) || !namesDay.test(named)) continue
      const value = {
        year: start.get('year') ?? 0,
        month: start.get('month') ?? 0,
        day: start.get('day') ?? 0,
      }
      if (!exists(value)) continue
      const from = index + text.indexOf(named)
      add({ value: dayText(value), text: named, start: from, end: from + named.length })
    }
  }
  return found.toSorted((a, b) => a.start - b.start)
}
