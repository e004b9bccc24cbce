import type { Started } from './create-engine.ts'
import { RepriseError } from './errors.ts'
import { publish } from './events.ts'

/** Lets work under way end, aborts what takes longer than `timeout` milliseconds, then closes tiers and log. Closing again does nothing. */
export async function closeEngine({ engine, working, leave }: Started, timeout: number): Promise<void> {
  if (engine.state.closed) return
  engine.state.closed = true
  for (const upgrading of engine.upgradings) upgrading.close('is of a cache that was closed')
  const quiet = async (): Promise<void> => {
    while (working.size > 0) await Promise.allSettled(working)
    await engine.lanes.idle()
  }
  const ended = quiet()
  const aborted = new Promise<void>((resolve) => {
    const timer = engine.clock.setTimeout(() => {
      for (const flight of engine.flights.values()) {
        publish('load-aborted', {
          space: engine.catalog.parse(flight.key)?.space.name ?? '',
          key: flight.key,
          reason: 'closed',
        })
        flight.controller.abort(
          new RepriseError('E_CACHE_CLOSED', `the cache was closed while "${flight.key}" was loading`),
        )
      }
      // A tier that hangs must not keep the process: what it was told may or may not have happened.
      const last = engine.clock.setTimeout(resolve, Math.min(timeout, 1_000))
      void ended.then(() => last.cancel())
    }, timeout)
    void ended.then(() => {
      timer.cancel()
      resolve()
    })
  })
  await Promise.race([ended, aborted])
  await Promise.allSettled([...engine.tiers.map(async (tier) => tier.close()), leave()])
}
