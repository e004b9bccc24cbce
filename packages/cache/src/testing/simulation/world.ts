/** The world of one schedule: its clock, network and server, the processes that live in it, and what was found wrong. */
import { type Ledger, createLedger } from './ledger.ts'
import type { Weather } from './wire.ts'
import { type SimulatedProcess, startProcess } from './process.ts'
import { type Scheduler, createRandom, createScheduler } from './scheduler.ts'
import { type ModelServer, createModelServer } from './server.ts'

/** A place where a process runs, dies and is started again. */
export interface Place {
  process: SimulatedProcess | undefined
}

/** One world. */
export interface World {
  readonly scheduler: Scheduler
  readonly server: ModelServer
  readonly weather: Weather
  readonly ledger: Ledger
  readonly places: Place[]
  readonly broken: string[]
  readonly counts: { reads: number; loads: number; upgrades: number }
  random(): number
  pick<T>(list: readonly T[]): T
  say(line: string): void
  /** Starts a process at a place, as soon as that can be done. */
  begin(place: Place): Promise<void>
  kill(place: Place): void
  /** Makes a call whose end is awaited: at the end of the world none may be open. */
  call(process: SimulatedProcess, what: string, work: () => Promise<void>): void
  /** Says that something is wrong for so many milliseconds. */
  trouble(length: number, end: () => void): void
  /** Since when nothing has been wrong; Infinity while something is. */
  calmSince(): number
  /** Calls of living processes that have not ended. */
  open(): string[]
}

/** A world in calm weather, without processes. */
export function createWorld(seed: number, tell: (line: string) => void): World {
  const random = createRandom(seed)
  const scheduler = createScheduler()
  const skew = Math.round((random() - 0.5) * 4_000)
  const server = createModelServer({
    time: () => 1_700_000_000_000 + scheduler.now() + skew,
    random,
    after: scheduler.after,
  })
  const weather: Weather = { delay: 1 + random() * 15, loss: 0, frozenUntil: 0 }
  const site = { scheduler, server, weather, random }
  const ledger = createLedger()
  const open = new Map<string, SimulatedProcess>()
  const places: Place[] = []
  const broken: string[] = []
  let calls = 0
  let calmSince = 0
  let troubles = 0
  let started = 0
  const say = (line: string): void => tell(`${scheduler.now().toFixed(1).padStart(8)} ${line}`)

  return {
    ...site,
    ledger,
    places,
    broken,
    counts: { reads: 0, loads: 0, upgrades: 0 },
    pick: <T>(list: readonly T[]) => list[Math.floor(random() * list.length)] as T,
    say,
    async begin(place) {
      const name = `p${places.indexOf(place)}.${(started += 1)}`
      // Where memory holds one entry, nearly every read is a copy-up.
      const maxEntries = random() < 0.4 ? 1 : 1_000
      for (;;) {
        try {
          place.process = await startProcess(site, name, { maxEntries })
          return say(`${name} starts`)
        } catch {
          await new Promise<void>((resolve) => scheduler.after(40, resolve))
        }
      }
    },
    kill(place) {
      if (place.process === undefined) return
      say(`${place.process.name} is killed`)
      place.process.alive = false
      place.process = undefined
    },
    call(process, what, work) {
      const name = `${(calls += 1)} ${process.name} ${what}`
      open.set(name, process)
      void work()
        .catch((error: unknown) =>
          say(`${name} rejected: ${error instanceof Error ? error.message : String(error)}`),
        )
        .finally(() => open.delete(name))
    },
    trouble(length, end) {
      troubles += 1
      calmSince = Infinity
      scheduler.after(length, () => {
        end()
        troubles -= 1
        if (troubles === 0) calmSince = scheduler.now()
      })
    },
    calmSince: () => calmSince,
    open: () => [...open].filter(([, process]) => process.alive).map(([name]) => name),
  }
}
