import { useMemo } from 'react'
import { useFormatter } from 'use-intl'

/** How figures are written in the language of the page. */
export interface Formats {
  /** 12,345 */
  readonly count: (value: number) => string
  /** 12.3K where room is scarce */
  readonly short: (value: number) => string
  /** US dollars; small sums with the digits that they need. */
  readonly dollars: (value: number) => string
  /** 4.2 MB; the number is of bytes, a kilobyte of 1024. */
  readonly bytes: (value: number) => string
  /** 87.5% of a share from 0 to 1; a dash when there is none. */
  readonly share: (value: number | undefined) => string
  /** 0.4 ms, 12 ms, 3.2 s, 5 min 20 s; the number is of milliseconds. */
  readonly duration: (milliseconds: number) => string
  /** 11-21 16:40:05 of an ISO instant. */
  readonly time: (instant: string) => string
  /** 16:40 of milliseconds since 1970 */
  readonly clock: (milliseconds: number) => string
  /** `5 minutes ago`, `in 2 hours`. */
  readonly ago: (instant: string, now?: Date) => string
}

const units = ['B', 'KB', 'MB', 'GB', 'TB']

/** The formats of the language in use. */
export function useFormats(): Formats {
  const format = useFormatter()
  return useMemo(() => {
    const unit = (value: number, name: string, digits: number): string =>
      format.number(value, { style: 'unit', unit: name, unitDisplay: 'short', maximumFractionDigits: digits })
    const seconds = (milliseconds: number): string => {
      const total = Math.round(milliseconds / 1000)
      const parts = [
        ['day', Math.floor(total / 86_400)],
        ['hour', Math.floor((total % 86_400) / 3600)],
        ['minute', Math.floor((total % 3600) / 60)],
        ['second', total % 60],
      ] as const
      const first = parts.findIndex(([, value]) => value > 0)
      return parts
        .slice(first, first + 2)
        .filter(([, value]) => value > 0)
        .map(([name, value]) => unit(value, name, 0))
        .join(' ')
    }
    return {
      count: (value) => format.number(value),
      dollars: (value) =>
        format.number(value, {
          style: 'currency',
          currency: 'USD',
          maximumFractionDigits: value !== 0 && value < 0.1 ? 5 : 2,
        }),
      short: (value) => format.number(value, { notation: 'compact', maximumFractionDigits: 1 }),
      bytes(value) {
        const power = value < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(value) / 10))
        const figure = format.number(value / 1024 ** power, { maximumFractionDigits: power === 0 ? 0 : 1 })
        return `${figure} ${units[power]}`
      },
      share: (value) =>
        value === undefined || Number.isNaN(value)
          ? '–'
          : format.number(value, {
              style: 'percent',
              maximumFractionDigits: value > 0.999 && value < 1 ? 2 : 1,
            }),
      duration(milliseconds) {
        if (milliseconds < 60_000) {
          if (milliseconds < 1000)
            return unit(milliseconds, 'millisecond', milliseconds < 1 ? 2 : milliseconds < 10 ? 1 : 0)
          return unit(milliseconds / 1000, 'second', 1)
        }
        return seconds(milliseconds)
      },
      time(instant) {
        const at = new Date(instant)
        const day = format.dateTime(at, { month: '2-digit', day: '2-digit' })
        const two = '2-digit'
        return `${day} ${format.dateTime(at, { hour: two, minute: two, second: two, hourCycle: 'h23' })}`
      },
      clock: (milliseconds) =>
        format.dateTime(milliseconds, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }),
      ago: (instant, now = new Date()) => format.relativeTime(new Date(instant), now),
    }
  }, [format])
}
