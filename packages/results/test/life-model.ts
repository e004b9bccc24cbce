import type { Status } from '@reprise/results'

/** A result as the reference model keeps it. */
export interface ModelResult {
  readonly id: number
  readonly target: string
  readonly number: number
  status: Status
  rank: number
  value: number
  model: string | undefined
  expiresAt: number
  leaseUntil: number
  finishedAt: number
  readonly createdAt: number
  /** How many invalidations the site had when it began. */
  readonly begunAfter: number
}

/**
 * What one type of one site should do, in the plainest way: a list that everything is told from by looking at all of
 * it. Every change of a status goes through `move`, which writes down what followed what.
 */
export class LifeModel {
  readonly rows: ModelResult[] = []
  readonly moves = new Set<string>()
  readonly invalidations: string[] = []
  now: number
  last = 0
  readonly keep: number
  readonly keepFor: number
  readonly lease: number

  constructor(options: { now: number; keep: number; keepFor: number; lease: number }) {
    this.now = options.now
    this.keep = options.keep
    this.keepFor = options.keepFor
    this.lease = options.lease
  }

  move(row: ModelResult, event: string, to: Status): void {
    this.moves.add(`${row.status} | ${event} | ${to}`)
    row.status = to
  }

  add(fields: Pick<ModelResult, 'id' | 'target' | 'status'> & Partial<ModelResult>): ModelResult {
    this.last += 1
    const row: ModelResult = {
      number: this.last,
      rank: 0,
      value: 0,
      model: undefined,
      expiresAt: Infinity,
      leaseUntil: 0,
      finishedAt: Number.NaN,
      createdAt: this.now,
      begunAfter: this.invalidations.length,
      ...fields,
    }
    this.moves.add(`- | ${row.status === 'valid' ? 'write' : 'begin'} | ${row.status}`)
    this.rows.push(row)
    return row
  }

  generating(target: string): ModelResult | undefined {
    return this.rows.find((row) => row.target === target && row.status === 'generating')
  }

  latest(target: string): ModelResult | undefined {
    return this.rows.findLast(
      (row) => row.target === target && row.status === 'valid' && row.expiresAt > this.now,
    )
  }

  history(target: string): readonly ModelResult[] {
    return this.rows
      .filter((row) => row.target === target && (row.status === 'valid' || row.status === 'expired'))
      .toReversed()
  }

  /** An invalidation of a model since the row began that it turns out to be made by. */
  broken(row: ModelResult, model: string): boolean {
    return this.invalidations.slice(row.begunAfter).includes(model)
  }

  invalidate(concerns: (row: ModelResult) => boolean): number {
    const rows = this.rows.filter(
      (row) => ['generating', 'valid', 'expired'].includes(row.status) && concerns(row),
    )
    for (const row of rows) this.move(row, 'invalidate', 'invalidated')
    return rows.length
  }

  expire(): void {
    for (const row of this.rows) {
      if (row.status === 'valid' && row.expiresAt <= this.now) this.move(row, 'expire', 'expired')
      if (row.status === 'generating' && row.leaseUntil <= this.now) this.move(row, 'expire', 'failed')
    }
  }

  private remove(concerns: (row: ModelResult) => boolean): void {
    for (const row of this.rows.filter((one) => concerns(one) && this.isSpare(one))) {
      this.moves.add(`${row.status} | trim | -`)
      this.rows.splice(this.rows.indexOf(row), 1)
    }
  }

  private isSpare(row: ModelResult): boolean {
    if (row.status === 'generating') return false
    const newest = this.rows.findLast((one) => one.target === row.target && one.status === 'valid')
    return row !== newest
  }

  trimCount(): void {
    this.expire()
    this.remove((row) => row.number <= this.last - this.keep)
  }

  trimAge(): void {
    this.expire()
    const before = this.now - this.keepFor
    this.remove((row) => row.createdAt < before)
  }
}
