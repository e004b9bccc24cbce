import { type Day, addDays, addMonths, dayIn, dayText, exists, lastOfMonth, weekday } from './calendar.ts'
import { numeral, readNumeral } from './numerals.ts'

/** What a rule may know: the day it is, and the instant with its zone for spans of hours. */
export interface Today {
  readonly day: Day
  readonly now: Date
  readonly timezone: string
}

/** One way of naming a day that chrono-node reads wrongly or not at all; `read` gives undefined for what is no day. */
export interface DateRule {
  readonly pattern: RegExp
  readonly read: (match: RegExpExecArray, today: Today) => Day | undefined
}

const word = '(?:an?|one|two|three|four|five|six|seven|eight|nine|ten|\\d{1,3})'

function ahead(count: string, unit: string, today: Today): Day | undefined {
  const number = readNumeral(count)
  if (number === undefined) return undefined
  if (/^(天|日|days?)$/.test(unit)) return addDays(today.day, number)
  if (/^(周|星期|礼拜|weeks?)$/.test(unit)) return addDays(today.day, number * 7)
  if (/^(月|months?)$/.test(unit)) return addMonths(today.day, number)
  return dayIn(new Date(today.now.getTime() + number * 3_600_000), today.timezone)
}

/** How often 下 is said: 下下周 is two weeks ahead, 下个月 one month. */
function timesNext(text: string): number {
  return text.split('下').length - 1
}

/** Chinese weeks begin on Monday: 下周一 said on a Sunday is tomorrow. A bare 周五 is the next one, today included. */
function chineseWeekday(match: RegExpExecArray, today: Today): Day | undefined {
  const wanted = '一二三四五六日'.indexOf((match[2] ?? '').replace(/[天末]/, '日')) + 1
  const current = weekday(today.day)
  if (match[2] === '末' && match[1] === '' && current >= 6) return today.day
  const day = match[2] === '末' ? 6 : wanted
  if (match[1] === '') return addDays(today.day, (day - current + 7) % 7)
  const weeks = match[1] === '上' ? -1 : timesNext(match[1] ?? '')
  return addDays(today.day, day - current + weeks * 7)
}

/** A day of the month: this month's, or the next month's that has it when it is over. */
function dayOfMonth(text: string, today: Today): Day | undefined {
  const day = readNumeral(text) ?? 0
  if (day < 1 || day > 31) return undefined
  for (let count = 0; count < 3; count += 1) {
    const found = { ...addMonths({ ...today.day, day: 1 }, count), day }
    if (exists(found) && dayText(found) >= dayText(today.day)) return found
  }
  return undefined
}

function monthAndDay(month: number, day: number, today: Today): Day | undefined {
  const found = [0, 1].map((years) => ({ year: today.day.year + years, month, day }))
  return found.find((candidate) => exists(candidate) && dayText(candidate) >= dayText(today.day))
}

/** The rules that go before chrono-node, tried in this order. */
export const dateRules: readonly DateRule[] = [
  {
    pattern: new RegExp(`(${numeral})个?(天|日|周|星期|礼拜|月|小时|钟头)(?:以|之|过)?后`, 'g'),
    read: (match, today) => ahead(match[1] ?? '', match[2] ?? '', today),
  },
  {
    pattern: /(下下|下|这|本|上|)个?(?:周|星期|礼拜)([一二三四五六日天末])/g,
    read: chineseWeekday,
  },
  {
    pattern: new RegExp(`(下下个?|下个?|这个?|本|当)月(?:的)?(?:(${numeral})[号日]|底)`, 'g'),
    read: (match, today) => {
      const months = timesNext(match[1] ?? '')
      if (match[2] === undefined) return lastOfMonth(today.day, months)
      const found = { ...lastOfMonth(today.day, months), day: readNumeral(match[2]) ?? 0 }
      return exists(found) ? found : undefined
    },
  },
  { pattern: /月底/g, read: (_, today) => lastOfMonth(today.day) },
  {
    pattern: new RegExp(`(?<![\\d月第年十一二三四五六七八九])(${numeral})[号日](?![楼线门室店机航])`, 'g'),
    read: (match, today) => dayOfMonth(match[1] ?? '', today),
  },
  {
    pattern: /(?<![\d./-])(\d{1,2})\/(\d{1,2})(?![\d./-])/g,
    read: (match, today) => monthAndDay(Number(match[1]), Number(match[2]), today),
  },
  { pattern: /\bthis (?:morning|afternoon|evening)\b/g, read: (_, today) => today.day },
  { pattern: /\b(?:the )?day after tomorrow\b/g, read: (_, today) => addDays(today.day, 2) },
  {
    pattern: new RegExp(`\\b(${word}) (days?|weeks?|months?) (?:from (?:now|today)|later)\\b`, 'g'),
    read: (match, today) => ahead(match[1] ?? '', match[2] ?? '', today),
  },
  {
    pattern: new RegExp(`\\bin (${word}) (days?|weeks?|months?|hours?)\\b`, 'g'),
    read: (match, today) => ahead(match[1] ?? '', match[2] ?? '', today),
  },
  {
    pattern: /\bthe (\d{1,2})(?:st|nd|rd|th)\b(?! of\b| floor\b)/g,
    read: (match, today) => dayOfMonth(match[1] ?? '', today),
  },
]
