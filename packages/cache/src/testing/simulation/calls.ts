/** What a process of the simulation may be asked to do, and what its answers are held to. */
import type { SimulatedProcess, Spot } from './process.ts'
import { twoSpeed } from './two-speed.ts'
import type { World } from './world.ts'

/** Reads a key in one of the ways there are, and judges what comes. */
export function read(world: World, process: SimulatedProcess, { space, id }: Spot): void {
  const { scheduler, ledger, counts, say } = world
  const calledAt = scheduler.now()
  const facts = { space, id, process: process.name, processStartedAt: process.startedAt, calledAt }
  const kind = world.random()
  const slow = async (): Promise<number> => {
    counts.loads += 1
    const seen = ledger.truth(space, id)
    say(`${process.name} loads ${space}:${id} and sees ${seen}`)
    await new Promise<void>((resolve) => scheduler.after(2 + world.random() * 60, resolve))
    return seen
  }
  const loader = world.random() < 0.3 ? twoSpeed(world, process, { space, id }) : slow
  world.call(process, `reads ${space}:${id}`, async () => {
    const handle = process.handle(space)
    const value =
      kind < 0.1
        ? handle.peek({ id })
        : kind < 0.3
          ? await handle.get({ id })
          : await handle.getOrLoad({ id }, loader, { forceRefresh: kind < 0.35 })
    if (value === undefined || !process.alive) return
    counts.reads += 1
    say(`${process.name} got ${value} of ${space}:${id}, asked at ${calledAt.toFixed(1)}`)
    const wrong = ledger.judge({ ...facts, value, calmSince: world.calmSince() })
    if (wrong !== undefined) world.broken.push(wrong)
  })
}

/** Gives a key a longer life: nothing that was invalidated may come back by it. */
export function touch(world: World, process: SimulatedProcess, { space, id }: Spot): void {
  world.say(`${process.name} touches ${space}:${id}`)
  world.call(process, `touches ${space}:${id}`, async () => void (await process.handle(space).touch({ id })))
}

/** Writes the source of a key, then sets it or invalidates it in one of the ways there are. */
export function change(
  world: World,
  process: SimulatedProcess,
  { space, id, ids }: Spot & { readonly ids: readonly number[] },
): void {
  const { scheduler, ledger, say } = world
  const kind = world.random()
  const touched = kind < 0.15 ? ids : [id]
  const calledAt = scheduler.now()
  const values = touched.map((one) => ledger.write(space, one))
  const value = values[touched.indexOf(id)] as number
  const what = kind < 0.15 ? 'space' : kind < 0.45 ? 'tag' : kind < 0.75 ? 'key' : 'set'
  say(
    `${process.name} writes ${space}:${touched.join(',')} = ${values.join(',')} and ${what === 'set' ? 'sets it' : `invalidates the ${what}`}`,
  )
  world.call(process, `${what} ${space}:${id}`, async () => {
    const handle = process.handle(space)
    if (what === 'set') {
      const done = ledger.set(space, id, value, calledAt)
      await handle.set({ id }, value)
      done(scheduler.now())
    } else if (what === 'key') await handle.delete({ id })
    else await process.cache.invalidate(what === 'tag' ? { tags: [`${space}-${id}`] } : { spaces: [space] })
    if (!process.alive) return
    say(`${process.name} is told that ${what} of ${space}:${id} is done`)
    const told = { space, process: process.name, calledAt, at: scheduler.now() }
    for (const [index, one] of touched.entries())
      ledger.settle({ ...told, id: one, value: values[index] as number })
  })
}
