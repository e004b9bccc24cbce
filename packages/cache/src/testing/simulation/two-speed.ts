/** Loads of the simulation that answer fast and go on: what their second answer may not do is bring back what was invalidated. */
import type { LoadContext } from '../../load/loader.ts'
import { race } from '../../race.ts'
import type { SimulatedProcess, Spot } from './process.ts'
import type { World } from './world.ts'

/** Longest time that a better answer takes beyond a fast one, in milliseconds: enough for invalidations and loads in between. */
const longest = 250

/** A race of two strategies that both see the source as it is when they start. */
export function twoSpeed(
  world: World,
  process: SimulatedProcess,
  { space, id }: Spot,
): (context: LoadContext<number>) => Promise<number> {
  const { scheduler, ledger, counts, say, random } = world
  const strategy = (name: string, takes: number) => async (): Promise<number> => {
    counts.loads += 1
    const seen = ledger.truth(space, id)
    say(`${process.name} loads ${space}:${id} ${name} and sees ${seen}`)
    await new Promise<void>((resolve) => scheduler.after(takes, resolve))
    return seen
  }
  const fast = strategy('fast', 2 + random() * 40)
  const premium = strategy('premium', 10 + random() * longest)
  const isValid = random() < 0.85
  const load = race(
    { fast, premium },
    { validate: (_, name) => name === 'fast' || isValid, timeout: 2 * longest },
  )
  return (context) =>
    load({
      ...context,
      upgrade: (work, options) =>
        context.upgrade(
          ({ signal, offer }) =>
            work({
              signal,
              async offer(value, meta) {
                const outcome = await offer(value, meta)
                say(`${process.name} upgrades ${space}:${id} to ${value}: ${outcome}`)
                if (outcome === 'kept') counts.upgrades += 1
                return outcome
              },
            }),
          options,
        ),
    })
}
