import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import type { Clock, Timer } from '@reprise/cache'
import type { Database } from '@reprise/database'
import type { AlarmNews, AlarmRow, ListedAlarm } from './alarm.ts'
import { type ReadingSources, createReader } from './readings.ts'
import { newsOf, runRound } from './round.ts'
import { type ActiveRule, type AlarmSettings, readRules } from './rules.ts'
import * as statements from './statements.ts'
import { deliverNotices } from './webhook.ts'

/** How a figure of a rule stands. */
export interface FigureRow {
  readonly rule: string
  readonly subject: string
  readonly phase: 'quiet' | 'rising' | 'active' | 'falling'
  readonly since: Date
  readonly value: number | null
}

/** The alarms of all processes on one database (row C7). Calls throw what the database throws. */
export interface Alarms {
  readonly rules: readonly (ActiveRule & { readonly enabled: boolean })[]
  /** Milliseconds between two rounds. */
  readonly every: number
  /** Alarms that were active at the last look of this process, by rule. */
  readonly active: ReadonlyMap<string, number>
  /** Reads the figures of this process, evaluates where that is due, and sends notices; true where it evaluated. */
  round(): Promise<boolean>
  /** Runs rounds from now on, and hears of the alarms of all processes. */
  start(): Promise<void>
  /** Ends the rounds, and waits for one under way. */
  stop(): Promise<void>
  list(page: {
    readonly state: 'active' | 'past' | 'all'
    readonly before: number
    readonly limit: number
  }): Promise<readonly ListedAlarm[]>
  /** Where the figures stand, and when they were last evaluated. */
  standing(): Promise<{ readonly at: Date | null; readonly figures: readonly FigureRow[] }>
  /** Says that somebody knows of an alarm; the first time stays. Undefined where there is none of that id. */
  acknowledge(
    id: number,
    by: { readonly username: string; readonly note: string | null },
  ): Promise<ListedAlarm | undefined>
}

/** What alarms work with. */
export interface AlarmsOptions extends Omit<ReadingSources, 'now'> {
  readonly clock: Clock
  readonly rules: AlarmSettings
  readonly every: number
  readonly webhook?: { readonly url: string; readonly secret?: string | undefined } | undefined
  /** Hears of alarms as they are raised, cleared and acknowledged, in whichever process. */
  readonly onNews: (news: AlarmNews) => void
  /** Hears of rounds and deliveries that failed. */
  readonly onError: (error: unknown) => void
}

/** The alarms of a migrated database, with nothing running yet. */
export function openAlarms(database: Database, options: AlarmsOptions): Alarms {
  const { clock, every, webhook, onNews, onError } = options
  const rules = readRules(options.rules)
  const enabled = rules.filter((rule) => rule.enabled)
  const now = (): number => clock.now()
  const read = createReader({ ...options, now })
  const name = `${hostname()}:${process.pid}:${randomBytes(3).toString('hex')}`
  let active: ReadonlyMap<string, number> = new Map()
  let timer: Timer | undefined
  let running = false
  let underWay: Promise<unknown> = Promise.resolve()
  let deaf: (() => Promise<void>) | undefined

  async function round(): Promise<boolean> {
    const reading = await read()
    const settings = { rules: enabled, every, process: name, notices: webhook !== undefined }
    const evaluated = await runRound(database, { reading, now: now() }, settings)
    const { rows } = await database.query<{ rule: string; alarms: number }>(statements.activeByRule)
    active = new Map(rows.map(({ rule, alarms }) => [rule, alarms]))
    if (webhook !== undefined) await deliverNotices(database, { ...webhook, now, onError })
    return evaluated
  }
  function plan(): void {
    if (!running) return
    timer = clock.setTimeout(
      () => {
        underWay = round().then(plan, (error: unknown) => {
          onError(error)
          plan()
        })
      },
      every,
      { background: true },
    )
  }

  return {
    rules,
    every,
    get active() {
      return active
    },
    round,
    async start() {
      if (running) return
      running = true
      plan()
      deaf = await database.listen('reprise_alarms', (text) => onNews(JSON.parse(text) as AlarmNews))
    },
    async stop() {
      running = false
      timer?.cancel()
      await underWay
      await deaf?.().catch(onError)
    },
    async list({ state, before, limit }) {
      return (await database.query<ListedAlarm>(statements.list, [state, before, limit])).rows
    },
    async standing() {
      const last = await database.query<{ at: Date | null }>(statements.lastRound)
      const { rows } = await database.query<FigureRow>(statements.phases)
      return { at: last.rows[0]?.at ?? null, figures: rows }
    },
    async acknowledge(id, { username, note }) {
      const asked = [id, new Date(now()), username, note]
      const [alarm] = (await database.query<ListedAlarm>(statements.acknowledge, asked)).rows
      if (alarm === undefined) return undefined
      await database.query(statements.notify, [JSON.stringify(newsOf(alarm as AlarmRow, 'acknowledged'))])
      return alarm
    },
  }
}
