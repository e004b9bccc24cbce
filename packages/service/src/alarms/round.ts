import type { Database, Queryable } from '@reprise/database'
import { type AlarmNews, type AlarmRow, alarmMessage } from './alarm.ts'
import { type Phase, stepPhase } from './phase.ts'
import { type Reading, mergeReadings } from './readings.ts'
import type { ActiveRule } from './rules.ts'
import * as statements from './statements.ts'

/** What a round works with. */
export interface RoundOptions {
  readonly rules: readonly ActiveRule[]
  /** Milliseconds between two rounds. */
  readonly every: number
  readonly process: string
  /** Whether there is a webhook to be told. */
  readonly notices: boolean
}

interface PhaseRow {
  readonly rule: string
  readonly subject: string
  readonly phase: Phase['phase']
  readonly since: Date
  readonly value: number | null
}

/**
 * Writes down what this process sees and, where the last round is long enough ago, evaluates the rules over what all
 * processes see: at most one process does it at a time, and what it finds is committed with the round or not at all.
 * True where this process did it.
 */
export async function runRound(
  database: Database,
  { reading, now }: { readonly reading: Reading; readonly now: number },
  options: RoundOptions,
): Promise<boolean> {
  const { every, process: name } = options
  await database.query(statements.saveReading, [name, new Date(now), JSON.stringify(reading)])
  return database.transaction(async (transaction) => {
    // A little less than a round, since timers are not exact.
    const due = new Date(now - every * 0.9)
    const moved = await transaction.query(statements.moveRound, [new Date(now), due])
    if (moved.rowCount === 0) return false
    await transaction.query(statements.forgetReadings, [new Date(now - every * 3)])
    const { rows } = await transaction.query<{ figures: Reading }>(statements.readings)
    await evaluate(transaction, { readings: rows.map(({ figures }) => figures), now }, options)
    return true
  })
}

async function evaluate(
  transaction: Queryable,
  { readings, now }: { readonly readings: readonly Reading[]; readonly now: number },
  { rules, notices }: RoundOptions,
): Promise<void> {
  const figures = mergeReadings(readings)
  const known = (await transaction.query<PhaseRow>(statements.phases)).rows
  for (const rule of rules) {
    const values = figures.get(rule.rule) ?? new Map<string, number>()
    const own = known.filter((row) => row.rule === rule.rule)
    for (const subject of new Set([...own.map((row) => row.subject), ...values.keys()])) {
      const before = own.find((row) => row.subject === subject)
      const value = values.get(subject)
      const step = stepPhase(rule, before && { phase: before.phase, since: before.since.getTime() }, {
        value,
        now,
      })
      if (value === undefined && step.phase === 'quiet') {
        await transaction.query(statements.forgetPhase, [rule.rule, subject])
      } else {
        const row = [rule.rule, subject, step.phase, new Date(step.since), value ?? null]
        await transaction.query(statements.savePhase, row)
      }
      if (step.event !== undefined) {
        await tell(transaction, { event: step.event, rule, subject, value, now, notices })
      } else if (value !== undefined && step.phase !== 'quiet' && step.phase !== 'rising') {
        await transaction.query(statements.renew, [rule.rule, subject, value])
      }
    }
  }
  // A rule that was switched off takes its alarms with it.
  for (const { rule, subject, phase } of known) {
    if (rules.some((one) => one.rule === rule)) continue
    await transaction.query(statements.forgetPhase, [rule, subject])
    if (phase === 'active' || phase === 'falling')
      await transaction.query(statements.clear, [rule, subject, new Date(now), null])
  }
}

async function tell(
  transaction: Queryable,
  change: {
    readonly event: 'raised' | 'cleared'
    readonly rule: ActiveRule
    readonly subject: string
    readonly value: number | undefined
    readonly now: number
    readonly notices: boolean
  },
): Promise<void> {
  const { event, rule, subject, value, now, notices } = change
  const at = new Date(now)
  const { rows } =
    event === 'raised'
      ? await transaction.query<AlarmRow>(statements.raise, [
          rule.rule,
          subject,
          alarmMessage(rule, subject, value ?? 0),
          rule.on,
          value,
          at,
        ])
      : await transaction.query<AlarmRow>(statements.clear, [rule.rule, subject, at, value ?? null])
  const [alarm] = rows
  if (alarm === undefined) return
  if (notices) await transaction.query(statements.insertNotice, [alarm.id, event, at])
  await transaction.query(statements.notify, [JSON.stringify(newsOf(alarm, event))])
}

/** What is told of an alarm. */
export function newsOf(alarm: AlarmRow, event: AlarmNews['event']): AlarmNews {
  const { id, rule, subject, message, last_value: value } = alarm
  return { id, rule, subject, event, message, value }
}
