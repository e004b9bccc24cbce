import type { Place } from './call.ts'
import type { GatewayOptions } from './gateway-options.ts'
import type { Protocol } from './protocol.ts'
import type { RacePlaces } from './race.ts'
import { candidates } from './upstream.ts'

/** Where a request for a model may be answered, the first first: every upstream of the model, then those of its fallbacks. @throws HttpError 404 */
export function placesOf(
  { upstreams, aliases = {}, fallbacks = {} }: GatewayOptions,
  { kind }: Pick<Protocol, 'kind'>,
  name: string,
): readonly [Place, ...Place[]] {
  const model = resolved(aliases, name)
  const [first, ...others] = candidates(upstreams, { kind, model })
  const after = (Object.hasOwn(fallbacks, model) ? (fallbacks[model] ?? []) : []).flatMap((fallback) => {
    const next = resolved(aliases, fallback)
    return candidates(upstreams, { kind, model: next }).map((upstream): Place => ({ upstream, model: next }))
  })
  return [{ upstream: first, model }, ...others.map((upstream) => ({ upstream, model })), ...after]
}

/** The two sides of the race that a name stands for; undefined for the name of a model. @throws HttpError 404 */
export function raceOf(
  options: GatewayOptions,
  protocol: Pick<Protocol, 'kind'>,
  name: string,
): RacePlaces | undefined {
  const { races = {} } = options
  const race = Object.hasOwn(races, name) ? races[name] : undefined
  if (race === undefined) return undefined
  return {
    fast: placesOf(options, protocol, race.fast),
    premium: placesOf(options, protocol, race.premium),
  }
}

function resolved(aliases: Readonly<Record<string, string>>, name: string): string {
  return (Object.hasOwn(aliases, name) ? aliases[name] : undefined) ?? name
}
