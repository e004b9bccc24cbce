/**
 * One random schedule: two or three processes with clocks of their own read, load, race, write and invalidate a few keys
 * over a network that delays, reorders and loses, before a server that freezes, restarts, loses its data and trims
 * its log, while processes are cut off and killed. The same seed gives the same schedule.
 */
import { change, read, touch } from './calls.ts'
import { fault } from './faults.ts'
import { type SimulatedProcess, type Spot, spaces } from './process.ts'
import { type World, createWorld } from './world.ts'

/** What a schedule may contain. */
export interface ScheduleOptions {
  /** Lost messages, frozen and restarted servers, killed and cut off processes. @default true */
  readonly faults?: boolean
  /** Milliseconds of simulated time with calls. @default 800 */
  readonly length?: number
  /** Hears what happens, line by line. */
  readonly tell?: (line: string) => void
}

/** How a schedule went. */
export interface Outcome {
  readonly seed: number
  readonly broken: readonly string[]
  readonly reads: number
  readonly loads: number
  /** Better answers that were kept after the first. */
  readonly upgrades: number
  readonly steps: number
}

const ids = [1, 2]

/** Runs the schedule of a seed. */
export async function runSchedule(seed: number, options: ScheduleOptions = {}): Promise<Outcome> {
  const { faults = true, length: span = 800, tell = () => {} } = options
  const world = createWorld(seed, tell)
  const { scheduler, places, random, broken } = world
  const count = 2 + Math.floor(random() * 2)
  for (let place = 0; place < count; place += 1) places.push({ process: undefined })
  for (const place of places) void world.begin(place)
  await scheduler.runUntil(100)
  const end = scheduler.now() + span
  plan(world, span)
  if (faults)
    for (let left = 1 + random() * 5; left > 0; left -= 1)
      scheduler.after(random() * span, () => fault(world))
  await scheduler.runUntil(end)
  // The world heals, and everything must come to an end and to the truth.
  await scheduler.runUntil(end + 1_500)
  for (const { process } of places)
    for (const { name } of spaces)
      for (const id of ids) if (process !== undefined) read(world, process, { space: name, id })
  await scheduler.runUntil(end + 3_000)
  for (const name of world.open()) broken.push(`never ended: ${name}`)
  for (const place of places) world.kill(place)
  return { seed, broken, ...world.counts, steps: scheduler.steps }
}

/** Plans calls. Half of the schedules keep to one space, so that calls meet; a change is often followed at once by reads and by another change. */
function plan(world: World, span: number): void {
  const { scheduler, random, pick } = world
  const names = spaces.map(({ name }) => name)
  const used = random() < 0.5 ? [pick(names)] : names
  const crowd = random() * 0.8
  const later = (within: number, act: (process: SimulatedProcess) => void): void =>
    void scheduler.after(random() * within, () => {
      const { process } = pick(world.places)
      if (process !== undefined) act(process)
    })
  const anySpot = (): Spot => ({ space: pick(used), id: pick(ids) })
  for (let left = 20 + Math.floor(random() * 30); left > 0; left -= 1) {
    later(span, (process) => {
      const spot = anySpot()
      const kind = random()
      if (kind < 0.65) return read(world, process, spot)
      if (kind < 0.68) return touch(world, process, spot)
      change(world, process, { ...spot, ids })
      if (random() >= crowd) return
      const within = pick([10, 30, 60])
      for (let readers = 1 + Math.floor(random() * 4); readers > 0; readers -= 1)
        later(within, (reader) => read(world, reader, spot))
      if (random() < 0.5) later(within, (other) => change(world, other, { ...anySpot(), ids }))
    })
  }
}
