/**
 * A stage for one interleaving played by hand: calm weather, every message the same short time under way, and each
 * process's link able to hold a message back until the play says otherwise.
 */
import { type Link, type LinkOptions, createLink } from './link.ts'
import { type ProcessOptions, type SimulatedProcess, startProcess } from './process.ts'
import { type Scheduler, createRandom, createScheduler } from './scheduler.ts'
import { type ModelServer, createModelServer } from './server.ts'
import type { Weather } from './wire.ts'

/** A server and a clock, and processes as they are asked for. */
export interface Stage {
  readonly scheduler: Scheduler
  readonly server: ModelServer
  readonly weather: Weather
  start(name: string, options?: ProcessOptions): Promise<SimulatedProcess>
  /** A way to the server for a cache that is none of the processes, with a clock of the stage's time unless told. */
  link(options?: Partial<LinkOptions>): Link
  /** Lets so many milliseconds go by. */
  pass(milliseconds: number): Promise<void>
  /** Resolves so many milliseconds later; time goes by only when somebody lets it. */
  sleep(milliseconds: number): Promise<void>
  /** The outcome of something, with as much time going by as it takes. @throws when it takes a minute */
  come<T>(outcome: Promise<T>): Promise<T>
}

/** An empty stage; one way to the server takes 1 ms. */
export function createStage(): Stage {
  const scheduler = createScheduler()
  const server = createModelServer({
    time: () => 1_700_000_000_000 + scheduler.now(),
    random: createRandom(1),
    after: scheduler.after,
  })
  const weather: Weather = { delay: 2, loss: 0, frozenUntil: 0 }
  const site = { scheduler, server, weather, random: () => 0.5 }
  const pass = async (milliseconds: number): Promise<void> =>
    scheduler.runUntil(scheduler.now() + milliseconds)

  async function come<T>(outcome: Promise<T>): Promise<T> {
    let open = true
    const ended = (): void => void (open = false)
    outcome.then(ended, ended)
    const until = scheduler.now() + 60_000
    while (open && scheduler.now() < until) await pass(1)
    if (open) throw new Error('this has not come about in a minute of simulated time')
    return outcome
  }

  return {
    scheduler,
    server,
    weather,
    pass,
    come,
    sleep: (milliseconds) => new Promise((resolve) => scheduler.after(milliseconds, resolve)),
    link: (options = {}) =>
      createLink({
        ...site,
        now: scheduler.clock(0, () => true).now,
        alive: () => true,
        deadline: 60,
        ...options,
      }),
    start: (name, options = {}) => come(startProcess(site, name, options)),
  }
}
