import type { DataOf, Routes } from '@reprise/api'
import type { Formats } from '../figures/use-formats.ts'

/** A rule of alarms with its figures. */
export type Rule = DataOf<Routes['alarmRules']>['rules'][number]

const shares: readonly Rule['rule'][] = ['hit_rate', 'load_failures', 'memory_share']
const times: readonly Rule['rule'][] = ['log_lag', 'queue_age']

/** The figure of a rule as one reads it: a share, a time or a number. */
export function ruleFigure(formats: Formats, rule: Rule['rule'], value: number): string {
  if (shares.includes(rule)) return formats.share(value)
  return times.includes(rule) ? formats.duration(value * 1000) : formats.count(value)
}
