import { change, lockShelf } from './change.ts'
import * as retention from './retention-statements.ts'
import type { Store } from './store.ts'
import { type Shelf, expireBatch, inBatches, trimAge, trimCount } from './trim.ts'

/** The steps of maintenance, in their order. */
export type MaintenanceStep = 'expire' | 'trim-count' | 'trim-age' | 'forget-invalidations'

/** What one step did, over all types of all sites. */
export interface StepReport {
  readonly step: MaintenanceStep
  /** Rows that it changed or removed. */
  readonly rows: number
  readonly milliseconds: number
  /** What failed, by type and site; the others were done all the same. */
  readonly failures: readonly { readonly site: string; readonly type: string; readonly error: unknown }[]
}

/** How long an invalidation is kept for those who ask why, in milliseconds. */
const auditFor = 90 * 86_400_000

function expireShelf(store: Store, { site, type }: Shelf): Promise<number> {
  return inBatches(() =>
    change(store, { site }, async (within) => {
      await lockShelf(within, type)
      return expireBatch(within, type)
    }),
  )
}

async function forget(store: Store, { site }: Shelf): Promise<number> {
  return change(store, { site, alone: true }, async ({ transaction, now }) => {
    const before = new Date(now.getTime() - auditFor)
    return (await transaction.query(retention.forgetInvalidations, [site, before])).rowCount
  })
}

/**
 * The nightly task: expires what is over, fails generations whose process died, trims by count and by age, forgets old
 * invalidations. One report a step; a failure of one type, site or step does not stop the others.
 */
export async function maintain(
  store: Store,
  onStep: (report: StepReport) => void,
): Promise<readonly StepReport[]> {
  const { rows: all } = await store.database.query<Shelf>(retention.listShelves)
  // Types that are no longer declared have no rules: their rows stay, but their life goes on.
  const declared = all.filter(({ type }) => store.settings.types.has(type))
  const sites = all.filter(({ site }, place) => site !== all[place - 1]?.site)
  const steps: readonly [MaintenanceStep, readonly Shelf[], (shelf: Shelf) => Promise<number>][] = [
    ['expire', all, (shelf) => expireShelf(store, shelf)],
    ['trim-count', declared, (shelf) => inBatches(() => trimCount(store, shelf))],
    ['trim-age', declared, (shelf) => inBatches(() => trimAge(store, shelf))],
    ['forget-invalidations', sites, (shelf) => forget(store, shelf)],
  ]
  const reports: StepReport[] = []
  for (const [step, shelves, work] of steps) {
    const report = await runStep(store, { step, shelves, work })
    reports.push(report)
    onStep(report)
  }
  return reports
}

async function runStep(
  store: Store,
  {
    step,
    shelves,
    work,
  }: {
    readonly step: MaintenanceStep
    readonly shelves: readonly Shelf[]
    readonly work: (shelf: Shelf) => Promise<number>
  },
): Promise<StepReport> {
  const ticks = (): number => store.clock.monotonic?.() ?? store.clock.now()
  const startedAt = ticks()
  const failures: { site: string; type: string; error: unknown }[] = []
  let rows = 0
  for (const shelf of shelves) {
    try {
      rows += await work(shelf)
    } catch (error) {
      failures.push({ ...shelf, error })
    }
  }
  return { step, rows, milliseconds: ticks() - startedAt, failures }
}
