/** What may go wrong in the world of a schedule. */
import type { World } from './world.ts'

/** Lets one thing go wrong, for a while where it can be mended. */
export function fault(world: World): void {
  const { scheduler, server, weather, random, say } = world
  const kind = random()
  const place = world.pick(world.places)
  const { process } = place
  if (kind < 0.15) {
    weather.loss = random() * 0.3
    say(`messages are lost, ${Math.round(weather.loss * 100)} %`)
    world.trouble(50 + random() * 150, () => (weather.loss = 0))
  } else if (kind < 0.3) {
    const freeze = 20 + random() * 250
    weather.frozenUntil = scheduler.now() + freeze
    say('the server freezes')
    world.trouble(freeze, () => {})
  } else if (kind < 0.5 && process !== undefined) {
    process.link.cut = true
    say(`${process.name} is cut off`)
    world.trouble(50 + random() * 300, () => (process.link.cut = false))
    // Who was away meets a log that was cut meanwhile.
    if (random() < 0.3) scheduler.after(random() * 300, () => trim(world))
  } else if (kind < 0.6) {
    const keepsData = random() < 0.5
    say(`the server restarts ${keepsData ? 'with' : 'without'} its data`)
    server.restart(keepsData)
    world.trouble(1, () => {})
  } else if (kind < 0.68) trim(world)
  else if (kind < 0.76) prune(world)
  else if (process !== undefined) {
    world.kill(place)
    scheduler.after(10 + random() * 100, () => {
      // Who joins after marks were pruned knows nothing of them but the floor.
      if (random() < 0.7) prune(world)
      void world.begin(place)
    })
  }
}

function trim({ server, random, say }: World): void {
  say('the log is trimmed')
  server.log.trim(Math.floor(random() * 2))
}

function prune({ server, say }: World): void {
  const { n } = server.log.head()
  say(`marks up to ${n} are pruned`)
  server.log.prune(n)
}
