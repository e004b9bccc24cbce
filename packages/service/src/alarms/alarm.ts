import type { ActiveRule, AlarmRuleName } from './rules.ts'

/** An alarm as a row of the database. */
export interface AlarmRow {
  readonly id: number
  readonly rule: AlarmRuleName
  /** What it is about where a rule has several, such as a tier; else empty. */
  readonly subject: string
  readonly message: string
  readonly threshold: number
  readonly value: number
  readonly last_value: number
  readonly started_at: Date
  readonly ended_at: Date | null
  readonly acknowledged_at: Date | null
  readonly acknowledged_by: string | null
  readonly note: string | null
}

/** An alarm with how far its newest notice is; null where there is no webhook. */
export interface ListedAlarm extends AlarmRow {
  readonly webhook: 'pending' | 'delivered' | 'failed' | null
}

/** What every process is told of an alarm. */
export interface AlarmNews {
  readonly id: number
  readonly rule: string
  readonly subject: string
  readonly event: 'raised' | 'cleared' | 'acknowledged'
  readonly message: string
  readonly value: number
}

const shown = (value: number, unit: ActiveRule['unit']): string => {
  if (unit === 'ratio') return `${Math.round(value * 1_000) / 10} %`
  return unit === 'seconds' ? `${Math.round(value * 10) / 10} s` : String(value)
}

const names: { readonly [Name in AlarmRuleName]: string } = {
  hit_rate: 'the hit rate',
  log_lag: 'the lag behind the log',
  load_failures: 'the share of loads that fail',
  memory_share: 'the memory of a process',
  stuck_results: 'the number of results whose generator was lost',
  queue_age: 'the wait of the oldest task',
  tier_unreachable: 'tier',
}

/** An alarm in a sentence. */
export function alarmMessage(rule: ActiveRule, subject: string, value: number): string {
  if (rule.rule === 'tier_unreachable') return `tier ${subject} cannot be reached`
  return `${names[rule.rule]} is ${shown(value, rule.unit)}, ${rule.beyond} ${shown(rule.on, rule.unit)}`
}
