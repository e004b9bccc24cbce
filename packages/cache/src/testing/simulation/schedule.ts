/**
 * One random schedule: two or three processes with clocks of their own read, load, write and invalidate a few keys
 * over a network that delays, reorders and loses, before a server that freezes, restarts, loses its data and trims
 * its log, while processes are cut off and killed. The same seed gives the same schedule.
 */
import { createLedger } from './ledger.ts'
import type { Weather } from './link.ts'
import { type SimulatedProcess, type Site, spaces, startProcess } from './process.ts'
import { createRandom, createScheduler } from './scheduler.ts'
import { createModelServer } from './server.ts'

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
  readonly steps: number
}

const ids = [1, 2]

/** Runs the schedule of a seed. */
export async function runSchedule(seed: number, options: ScheduleOptions = {}): Promise<Outcome> {
  const { faults = true, length: span = 800, tell = () => {} } = options
  const random = createRandom(seed)
  const scheduler = createScheduler()
  const skew = Math.round((random() - 0.5) * 4_000)
  const server = createModelServer({ time: () => 1_700_000_000_000 + scheduler.now() + skew, random })
  const weather: Weather = { delay: 1 + random() * 15, loss: 0, frozenUntil: 0 }
  const site: Site = { scheduler, server, weather, random }
  const ledger = createLedger()
  const broken: string[] = []
  const open = new Set<string>()
  let calls = 0
  let reads = 0
  let loads = 0
  let calmSince = 0
  let troubles = 0
  let started = 0

  const say = (line: string): void => tell(`${scheduler.now().toFixed(1).padStart(8)} ${line}`)
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T
  const processes: (SimulatedProcess | undefined)[] = []
  const begin = async (place: number): Promise<void> => {
    const name = `p${place}.${(started += 1)}`
    for (;;) {
      try {
        processes[place] = await startProcess(site, name)
        return say(`${name} starts`)
      } catch {
        await new Promise<void>((resolve) => scheduler.after(40, resolve))
      }
    }
  }

  /** A call whose end is awaited: at the end of the world none may be open. */
  function call(what: string, work: () => Promise<void>): void {
    const name = `${(calls += 1)} ${what}`
    open.add(name)
    void work()
      .catch((error: unknown) =>
        say(`${name} rejected: ${error instanceof Error ? error.message : String(error)}`),
      )
      .finally(() => open.delete(name))
  }

  function read(process: SimulatedProcess, space: string, id: number): void {
    const calledAt = scheduler.now()
    const facts = { space, id, process: process.name, processStartedAt: process.startedAt, calledAt }
    const kind = random()
    call(`${process.name} reads ${space}:${id}`, async () => {
      const handle = process.handle(space)
      const value =
        kind < 0.2
          ? handle.peek({ id })
          : kind < 0.4
            ? await handle.get({ id })
            : await handle.getOrLoad({ id }, async () => {
                loads += 1
                const seen = ledger.truth(space, id)
                say(`${process.name} loads ${space}:${id} and sees ${seen}`)
                await new Promise<void>((resolve) => scheduler.after(2 + random() * 60, resolve))
                return seen
              })
      if (value === undefined || !process.alive) return
      reads += 1
      say(`${process.name} got ${value} of ${space}:${id}, asked at ${calledAt.toFixed(1)}`)
      const wrong = ledger.judge({ ...facts, value, calmSince })
      if (wrong !== undefined) broken.push(wrong)
    })
  }

  function change(process: SimulatedProcess, space: string, id: number): void {
    const kind = random()
    const touched = kind < 0.15 ? ids : [id]
    const calledAt = scheduler.now()
    const values = touched.map((one) => ledger.write(space, one))
    const what = kind < 0.15 ? 'space' : kind < 0.45 ? 'tag' : kind < 0.75 ? 'key' : 'set'
    say(
      `${process.name} writes ${space}:${touched.join(',')} = ${values.join(',')} and ${what === 'set' ? 'sets it' : `invalidates the ${what}`}`,
    )
    call(`${process.name} ${what} ${space}:${id}`, async () => {
      const handle = process.handle(space)
      if (what === 'set') {
        const done = ledger.set(space, id, values[0] as number, calledAt)
        await handle.set({ id }, values[0] as number)
        done(scheduler.now())
      } else if (what === 'key') await handle.delete({ id })
      else await process.cache.invalidate(what === 'tag' ? { tags: [`${space}-${id}`] } : { spaces: [space] })
      if (!process.alive) return
      say(`${process.name} is told that ${what} of ${space}:${id} is done`)
      for (const [index, one] of touched.entries()) {
        ledger.settle({
          space,
          id: one,
          process: process.name,
          value: values[index] as number,
          calledAt,
          at: scheduler.now(),
        })
      }
    })
  }

  function trouble(length: number, end: () => void): void {
    troubles += 1
    calmSince = Infinity
    scheduler.after(length, () => {
      end()
      troubles -= 1
      if (troubles === 0) calmSince = scheduler.now()
    })
  }

  function fault(): void {
    const kind = random()
    const place = Math.floor(random() * processes.length)
    const process = processes[place]
    if (kind < 0.2) {
      weather.loss = random() * 0.3
      say(`messages are lost, ${Math.round(weather.loss * 100)} %`)
      trouble(50 + random() * 150, () => (weather.loss = 0))
    } else if (kind < 0.4) {
      const freeze = 20 + random() * 250
      weather.frozenUntil = scheduler.now() + freeze
      say('the server freezes')
      trouble(freeze, () => {})
    } else if (kind < 0.6 && process !== undefined) {
      process.link.cut = true
      say(`${process.name} is cut off`)
      trouble(50 + random() * 300, () => (process.link.cut = false))
    } else if (kind < 0.7) {
      const keepsData = random() < 0.5
      say(`the server restarts ${keepsData ? 'with' : 'without'} its data`)
      server.restart(keepsData)
      trouble(1, () => {})
    } else if (kind < 0.8) {
      say('the log is trimmed')
      server.trim(Math.floor(random() * 2))
    } else if (kind < 0.9) {
      const { n } = server.head()
      say(`marks up to ${n} are pruned`)
      server.prune(n)
    } else if (process !== undefined) {
      say(`${process.name} is killed`)
      process.alive = false
      processes[place] = undefined
      scheduler.after(10 + random() * 100, () => void begin(place))
    }
  }

  for (let place = 0; place < 2 + Math.floor(random() * 2); place += 1) void begin(place)
  await scheduler.runUntil(100)
  calmSince = scheduler.now()
  const end = scheduler.now() + span
  const busy = 20 + Math.floor(random() * 40)
  for (let count = 0; count < busy; count += 1) {
    scheduler.after(random() * span, () => {
      const process = pick(processes)
      if (process === undefined) return
      const { name } = pick(spaces)
      if (random() < 0.7) read(process, name, pick(ids))
      else change(process, name, pick(ids))
    })
  }
  if (faults)
    for (let count = 0; count < 1 + random() * 5; count += 1) scheduler.after(random() * span, fault)
  await scheduler.runUntil(end)
  // The world heals, and everything must come to an end and to the truth.
  await scheduler.runUntil(end + 1_500)
  for (const process of processes) {
    for (const { name } of spaces) for (const id of ids) if (process !== undefined) read(process, name, id)
  }
  await scheduler.runUntil(end + 3_000)
  for (const name of open) {
    const owner = /(p\d+\.\d+)/.exec(name)?.[1]
    if (processes.some((process) => process?.name === owner)) broken.push(`never ended: ${name}`)
  }
  for (const process of processes) if (process !== undefined) process.alive = false
  return { seed, broken, reads, loads, steps: scheduler.steps }
}
