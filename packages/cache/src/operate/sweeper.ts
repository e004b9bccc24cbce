import type { Timer } from '../clock.ts'
import type { Engine } from '../engine.ts'
import { publish } from '../events.ts'
import { removeDead, sweep } from './sweep.ts'

/** Background removal of what is expired or invalidated. */
export interface Sweeper {
  /** Asks for one walk through the tiers for invalidated entries; asked again during one, it is done once more. */
  removeDead(): void
  stop(): void
}

/** Sweeps every `every` milliseconds by the engine's clock; 0 for never. Never two sweeps at a time. */
export function startSweeper(engine: Engine, every: number): Sweeper {
  let timer: Timer | undefined
  let wanted = false
  let walking = false

  const plan = (): void => {
    if (every <= 0 || engine.state.closed) return
    timer = engine.clock.setTimeout(
      () => {
        engine.background(
          sweep(engine)
            .catch((error: unknown) => publish('tier-failed', { tier: 'log', operation: 'sweep', error }))
            .finally(plan),
        )
      },
      every,
      { background: true },
    )
  }
  plan()

  async function walk(): Promise<void> {
    walking = true
    while (wanted && !engine.state.closed) {
      wanted = false
      await removeDead(engine)
    }
    walking = false
  }

  return {
    removeDead() {
      wanted = true
      if (!walking) engine.background(walk())
    },
    stop: () => timer?.cancel(),
  }
}
