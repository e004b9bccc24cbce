import type { Engine } from '../engine.ts'
import type { Flight } from './flight.ts'
import type { UpgradeOptions, UpgradeWork } from './loader.ts'
import type { Said } from './said.ts'
import type { Target } from '../read/revive.ts'
import { Upgrading } from './upgrading.ts'
import { upgradeAll } from '../write/upgrade.ts'

/** Opens a key for better values, before its load ends; `left` collects what was opened. */
export function openUpgrading(
  engine: Engine,
  flight: Flight,
  load: {
    readonly target: Target
    readonly startedAt: number
    readonly said: Said
    readonly left: Upgrading[]
  },
): Upgrading {
  const { target, startedAt, said, left } = load
  const ticket = engine.tickets.take(target.key, 'upgrade')
  ticket.asOf = flight.asOf
  const upgrading = new Upgrading({ target, marks: flight.marks, ticket, startedAt, said })
  if (flight.ticket.broken) upgrading.close('was changed meanwhile')
  engine.upgradings.add(upgrading)
  left.push(upgrading)
  return upgrading
}

/** Runs work in the background registry that offers better values for keys, all of them or none; false where the registry takes no more. */
export function leaveRunning(
  engine: Engine,
  upgradings: readonly Upgrading[],
  {
    work,
    options,
    valuesOf,
  }: {
    readonly work: UpgradeWork<unknown>
    readonly options?: UpgradeOptions | undefined
    /** The values for the keys in their order, from what was offered. */
    readonly valuesOf: (offered: unknown) => readonly unknown[]
  },
): boolean {
  const end = (): void => {
    for (const upgrading of upgradings) {
      engine.upgradings.delete(upgrading)
      engine.tickets.release(upgrading.ticket)
    }
  }
  const { name = `upgrade of ${upgradings[0]?.key}`, timeout = 30_000 } = options ?? {}
  const begun = engine.tasks.run(
    name,
    async (ending) => {
      const signal = AbortSignal.any([ending, ...upgradings.map((one) => one.signal)])
      try {
        await work({
          signal,
          async offer(offered, meta = {}) {
            const values = valuesOf(offered)
            const done = upgradeAll(
              engine,
              upgradings.map((upgrading, index) => ({ upgrading, value: values[index], meta })),
              signal,
            )
            engine.background(done)
            return done
          },
        })
      } finally {
        end()
      }
    },
    { timeout },
  )
  if (!begun) end()
  return begun
}
