import { describe, expect, test } from 'vitest'
import { findDates } from '../src/recognise/dates.ts'

// A Saturday in Shanghai.
const saturday = { now: new Date('2026-11-21T02:00:00Z'), timezone: 'Asia/Shanghai' }

function first(sentence: string, moment = saturday): string | undefined {
  return findDates(sentence, moment)[0]?.value
}

describe('days as they are said', () => {
  test.each([
    ['今天', '2026-11-21'],
    ['明天', '2026-11-22'],
    ['后天', '2026-11-23'],
    ['大后天', '2026-11-24'],
    ['昨天', '2026-11-20'],
    ['明晚', '2026-11-22'],
    ['明天上午', '2026-11-22'],
    ['下周一', '2026-11-23'],
    ['下星期三', '2026-11-25'],
    ['下下周一', '2026-11-30'],
    ['这周五', '2026-11-20'],
    ['本周日', '2026-11-22'],
    ['周五', '2026-11-27'],
    ['周六', '2026-11-21'],
    ['礼拜天', '2026-11-22'],
    ['周末', '2026-11-21'],
    ['下周末', '2026-11-28'],
    ['3天后', '2026-11-24'],
    ['三天以后', '2026-11-24'],
    ['两天之后', '2026-11-23'],
    ['十二天后', '2026-12-03'],
    ['一周后', '2026-11-28'],
    ['两个星期后', '2026-12-05'],
    ['一个月后', '2026-12-21'],
    ['11月25日', '2026-11-25'],
    ['11月25号', '2026-11-25'],
    ['十一月二十五号', '2026-11-25'],
    ['1月5日', '2027-01-05'],
    ['25号', '2026-11-25'],
    ['3号', '2026-12-03'],
    ['31号', '2026-12-31'],
    ['下个月3号', '2026-12-03'],
    ['本月28号', '2026-11-28'],
    ['月底', '2026-11-30'],
    ['12/1', '2026-12-01'],
    ['2026-12-01', '2026-12-01'],
    ['2026年12月1日', '2026-12-01'],
    ['today', '2026-11-21'],
    ['tomorrow', '2026-11-22'],
    ['day after tomorrow', '2026-11-23'],
    ['the day after tomorrow', '2026-11-23'],
    ['next friday', '2026-11-27'],
    ['on monday', '2026-11-23'],
    ['in 3 days', '2026-11-24'],
    ['in two weeks', '2026-12-05'],
    ['a week from today', '2026-11-28'],
    ['nov 25', '2026-11-25'],
    ['25 november', '2026-11-25'],
    ['november 25th', '2026-11-25'],
    ['on the 25th', '2026-11-25'],
    ['tonight', '2026-11-21'],
  ])('%s is %s', (sentence, expected) => {
    expect(first(sentence)).toBe(expected)
  })

  test.each([
    '订两张机票',
    '现在',
    '晚上',
    '下个月',
    'next week',
    'now',
    'book 2 tickets',
    'i may go',
    '1号航站楼',
    '13800138000',
    '31号楼',
    '2026-02-30',
  ])('%s names no day', (sentence) => expect(findDates(sentence, saturday)).toEqual([]))

  test('says where in the sentence, once', () => {
    expect(findDates('我想订一张明天去上海的机票', saturday)).toEqual([
      { value: '2026-11-22', text: '明天', start: 5, end: 7 },
    ])
    expect(findDates('后天去，11月30日回', saturday).map((match) => match.value)).toEqual([
      '2026-11-23',
      '2026-11-30',
    ])
  })
})

describe('Chinese weeks begin on Monday', () => {
  const sunday = { now: new Date('2026-11-22T02:00:00Z'), timezone: 'Asia/Shanghai' }
  test.each([
    ['下周一', '2026-11-23'],
    ['这周日', '2026-11-22'],
    ['周末', '2026-11-22'],
    ['星期天', '2026-11-22'],
    ['上周五', '2026-11-13'],
  ])('on a Sunday %s is %s', (sentence, expected) => {
    expect(first(sentence, sunday)).toBe(expected)
  })
})

describe("the day is the zone's, whatever the machine's zone", () => {
  test.each([
    ['2026-11-20T15:59:59Z', 'Asia/Shanghai', '2026-11-21'],
    ['2026-11-20T16:00:00Z', 'Asia/Shanghai', '2026-11-22'],
    ['2026-11-20T17:30:00Z', 'Asia/Shanghai', '2026-11-22'],
    ['2026-11-20T16:00:00Z', 'America/Los_Angeles', '2026-11-21'],
    ['2026-11-21T07:59:00Z', 'America/Los_Angeles', '2026-11-21'],
    ['2026-11-21T08:00:00Z', 'America/Los_Angeles', '2026-11-22'],
    ['2026-12-31T10:30:00Z', 'Pacific/Kiritimati', '2027-01-02'],
    ['2026-12-31T10:30:00Z', 'UTC', '2027-01-01'],
  ])('tomorrow at %s in %s is %s', (now, timezone, expected) => {
    const moment = { now: new Date(now), timezone }
    expect(first('明天', moment)).toBe(expected)
    expect(first('tomorrow', moment)).toBe(expected)
  })

  test('hours ahead can end on the next day', () => {
    const evening = { now: new Date('2026-11-20T15:00:00Z'), timezone: 'Asia/Shanghai' }
    expect(first('2小时后', evening)).toBe('2026-11-21')
    expect(first('in 30 hours', evening)).toBe('2026-11-22')
  })

  test('an unknown zone is refused', () => {
    expect(() => findDates('明天', { ...saturday, timezone: 'Mars/Olympus' })).toThrow(RangeError)
  })
})
