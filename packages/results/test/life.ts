/* oxlint-disable vitest/no-standalone-expect -- what is expected of every step, inside the test that takes it */
import { type Results, ResultsError, type SiteResults } from '@reprise/results'
import * as fc from 'fast-check'
import { expect } from 'vitest'
import { LifeModel, type ModelResult } from './life-model.ts'
import { type Rig, type Types, failure, newSite, start } from './rig.ts'

const type = 'few'
const targets = ['a', 'b'] as const
const models = ['gpt', 'qwen'] as const
export const lease = 30_000
const day = 86_400_000

const anyTarget = fc.constantFrom(...targets)
const anyModel = fc.constantFrom(...models)
const pick = fc.nat(20)
/** One thing that happens to the results of two targets. */
export const anyStep = fc.oneof(
  fc.record({
    do: fc.constant('begin' as const),
    target: anyTarget,
    model: fc.option(anyModel, { nil: undefined }),
  }),
  fc.record({ do: fc.constant('begin' as const), target: anyTarget, model: fc.constant(undefined) }),
  fc.record({
    do: fc.constant('write' as const),
    target: anyTarget,
    model: anyModel,
    lives: fc.constantFrom(1_000, 60_000, Infinity),
    rank: fc.nat(3),
  }),
  fc.record({
    do: fc.constant('finalize' as const),
    pick,
    model: anyModel,
    lives: fc.constantFrom(1_000, 60_000, Infinity),
    rank: fc.nat(3),
  }),
  fc.record({
    do: fc.constant('finalize' as const),
    pick,
    model: anyModel,
    lives: fc.constant(60_000),
    rank: fc.nat(3),
  }),
  fc.record({ do: fc.constant('fail' as const), pick }),
  fc.record({ do: fc.constant('crash' as const), pick }),
  fc.record({ do: fc.constant('beat' as const), pick }),
  fc.record({ do: fc.constant('upgrade' as const), pick, model: anyModel, rank: fc.nat(4) }),
  fc.record({ do: fc.constant('invalidate-target' as const), target: anyTarget }),
  fc.record({ do: fc.constant('invalidate-model' as const), model: anyModel }),
  fc.record({ do: fc.constant('invalidate-id' as const), pick }),
  fc.record({ do: fc.constant('maintain' as const) }),
  fc.record({ do: fc.constant('time' as const), by: fc.constantFrom(500, 20_000, 31_000, 61_000, 4 * day) }),
  fc.record({ do: fc.constant('clock-back' as const), by: fc.constantFrom(500, 45_000) }),
)
export type Step = typeof anyStep extends fc.Arbitrary<infer S> ? S : never

const codeOf = (error: unknown): unknown => (ResultsError.is(error) ? error.code : error)

/** Results of a type of one site beside their model, under the same steps. */
export class Life {
  readonly model = new LifeModel({ now: start, keep: 3, keepFor: 10 * day, lease })
  readonly here: SiteResults<Types>
  readonly elsewhere: SiteResults<Types>
  /** The same site without a cache. */
  readonly plain: SiteResults<Types>
  readonly open: Rig
  private readonly turnBack: (by: number) => void
  private value = 0
  private wentBack = false

  /** `turnBack` takes milliseconds off the clock. */
  constructor(open: Rig, uncached: Results<Types>, turnBack: (by: number) => void) {
    this.open = open
    this.turnBack = turnBack
    this.here = open.results.forSite(newSite())
    this.plain = uncached.forSite(this.here.site)
    this.elsewhere = open.results.forSite(newSite())
  }

  async run(step: Step): Promise<void> {
    const { model, here } = this
    const rows = model.rows
    const chosen =
      'pick' in step && rows.length > 0 ? rows[rows.length - 1 - (step.pick % rows.length)] : undefined
    if (step.do === 'begin') return this.begin(step.target, step.model)
    if (step.do === 'write') {
      this.value += 1
      const content = { derivation: { model: step.model, rank: step.rank }, expiresAt: this.end(step.lives) }
      const { id } = await here.write(type, step.target, this.value, content)
      const fields = { rank: step.rank, value: this.value, model: step.model, finishedAt: model.now }
      model.add({ id, target: step.target, status: 'valid', expiresAt: model.now + step.lives, ...fields })
      if (model.last > model.keep) model.trimCount()
      // The trim goes on behind the write; the next change of the shelf comes after it.
      await this.open.clock.settle()
    }
    if (step.do === 'time') {
      await this.open.clock.advance(step.by)
      model.now += step.by
    }
    if (step.do === 'clock-back') this.back(step.by)
    if (step.do === 'maintain') {
      const reports = await this.open.results.maintain()
      expect(reports.flatMap(({ failures }) => failures)).toEqual([])
      model.expire()
      model.trimCount()
      model.trimAge()
    }
    if (step.do === 'invalidate-target') {
      const { results } = await here.invalidate({ type, target: step.target }, { by: 'ann', reason: 'test' })
      expect(results).toBe(model.invalidate((row) => row.target === step.target))
    }
    if (step.do === 'invalidate-model') {
      const { results } = await here.invalidate({ model: step.model })
      expect(results).toBe(model.invalidate((row) => row.model === step.model))
      model.invalidations.push(step.model)
    }
    if (chosen !== undefined) await this.runOn(step, chosen)
  }

  private back(by: number): void {
    this.turnBack(by)
    this.model.now -= by
    this.wentBack = true
  }

  private end(lives: number): Date | null {
    return lives === Infinity ? null : new Date(this.model.now + lives)
  }

  private async begin(wanted: string, name: string | undefined): Promise<void> {
    const { model, here } = this
    const running = model.generating(wanted)
    const derivation = name === undefined ? {} : { model: name }
    const begun = here.begin(type, wanted, { derivation, heartbeats: false })
    if (running !== undefined && running.leaseUntil > model.now) {
      expect(codeOf(await failure(begun))).toBe('E_RESULT_BUSY')
      return
    }
    const { id } = await begun
    if (running !== undefined) model.move(running, 'begin', 'failed')
    model.add({ id, target: wanted, status: 'generating', model: name, leaseUntil: model.now + lease })
  }

  private async runOn(step: Step, row: ModelResult): Promise<void> {
    const { model, here } = this
    if (step.do === 'finalize') {
      this.value += 1
      const value = this.value
      const content = { derivation: { model: step.model, rank: step.rank }, expiresAt: this.end(step.lives) }
      const error = await failure(here.finalize(row.id, value, content))
      if (row.status !== 'generating') {
        expect(codeOf(error)).toBe(row.status === 'invalidated' ? 'E_RESULT_INVALIDATED' : 'E_RESULT_FENCED')
      } else if (model.broken(row, step.model)) {
        expect(codeOf(error)).toBe('E_RESULT_INVALIDATED')
        model.move(row, 'finalize', 'invalidated')
      } else {
        expect(error).toBeUndefined()
        model.move(row, 'finalize', 'valid')
        const { rank, lives } = step
        Object.assign(row, {
          value,
          rank,
          model: step.model,
          finishedAt: model.now,
          expiresAt: model.now + lives,
        })
        if (row.number > model.keep) model.trimCount()
        await this.open.clock.settle()
      }
    }
    if (step.do === 'fail') {
      const error = await failure(here.fail(row.id, new Error('no')))
      if (row.status === 'generating') {
        expect(error).toBeUndefined()
        model.move(row, 'fail', 'failed')
      } else expect(codeOf(error)).toMatch(/E_RESULT_(FENCED|INVALIDATED)/)
    }
    // A generator that died: nothing is called, time goes on past its lease.
    if (step.do === 'crash' && row.status === 'generating') {
      await this.open.clock.advance(lease)
      model.now += lease
    }
    if (step.do === 'beat') {
      expect(await here.heartbeat(row.id)).toBe(row.status === 'generating')
      if (row.status === 'generating') row.leaseUntil = model.now + lease
    }
    if (step.do === 'invalidate-id') {
      await here.invalidate({ id: row.id })
      model.invalidate((one) => one === row)
    }
    if (step.do === 'upgrade') {
      this.value += 1
      const outcome = await here.upgrade(row.id, this.value, {
        derivation: { model: step.model, rank: step.rank },
      })
      const wanted = this.upgradeOf(row, step)
      expect(outcome).toBe(wanted)
      if (wanted === 'kept') {
        model.moves.add('valid | upgrade | valid')
        Object.assign(row, { value: this.value, rank: step.rank, model: step.model })
      }
    }
  }

  private upgradeOf(row: ModelResult, { model, rank }: { model: string; rank: number }): string {
    if (row.status === 'invalidated') return 'invalidated'
    if (row.status !== 'valid' || row.expiresAt <= this.model.now) return 'no-life'
    if (this.model.broken(row, model)) return 'invalidated'
    return row.rank < rank ? 'kept' : 'outranked'
  }

  /** Everything that can be seen is what the model says. */
  async check(): Promise<void> {
    const { model, here } = this
    const { rows } = await this.open.database.query<{
      id: number
      status: string
      head: boolean
      target: string
    }>(`select id, status, head, target from results where site = $1 order by number`, [here.site])
    expect(rows.map(({ id, status }) => ({ id, status }))).toEqual(
      model.rows.map(({ id, status }) => ({ id, status })),
    )
    for (const wanted of targets) {
      expect(rows.filter((row) => row.target === wanted && row.status === 'generating').length).toBeLessThan(
        2,
      )
      const newest = model.rows.findLast((row) => row.target === wanted && row.status === 'valid')
      expect(rows.filter((row) => row.target === wanted && row.head).map(({ id }) => id)).toEqual(
        newest === undefined ? [] : [newest.id],
      )
      const latest = await this.plain.getLatest(type, wanted)
      const expected = model.latest(wanted)
      expect(latest && { id: latest.id, value: latest.value }).toEqual(
        expected === undefined ? null : { id: expected.id, value: expected.value },
      )
      // A cached "nothing", or an older answer, is right again when a clock has gone back; an expired one never is.
      const cached = await here.getLatest(type, wanted)
      if (!this.wentBack) expect(cached).toEqual(latest)
      const row = model.rows.find(({ id }) => id === cached?.id)
      if (cached !== null) expect(row).toMatchObject({ status: 'valid', value: cached.value, target: wanted })
      expect(row?.expiresAt ?? Infinity).toBeGreaterThan(model.now)
    }
  }

  /** What was there in the end is in the history, and no other site sees any of it. */
  async checkEnd(): Promise<void> {
    const { model, here, elsewhere } = this
    for (const wanted of targets) {
      const history = await here.getHistory(type, wanted, { limit: 5 })
      const finished = model.history(wanted).slice(0, 5)
      expect(history.map(({ id, value }) => ({ id, value }))).toEqual(
        finished.map(({ id, value }) => ({ id, value })),
      )
      expect(await elsewhere.getLatest(type, wanted)).toBeNull()
      expect(await elsewhere.getHistory(type, wanted)).toEqual([])
    }
    for (const { id } of model.rows) {
      expect(await elsewhere.find(id)).toBeNull()
      expect(codeOf(await failure(elsewhere.finalize(id, 'theirs')))).toBe('E_RESULT_UNKNOWN')
    }
  }
}
