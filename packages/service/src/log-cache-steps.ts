import { type Events, type Provenance, onEvent } from '@reprise/cache'
import type { FastifyBaseLogger } from 'fastify'

/** What lines are written about. */
export interface CacheStepOptions {
  /** Spaces whose reads are worth a line each; those of other spaces are lines of the level `debug`, if that is on when this is called. @default none */
  readonly spaces?: readonly string[]
}

/** `strategy|model` of a value; `unknown` where nobody told (row E1). */
export function provenanceText({ strategy = 'unknown', model = 'unknown' }: Provenance = {}): string {
  return `${strategy}|${model}`
}

const outcomes = { hit: 'CACHED', stale: 'STALE', miss: 'MISS' } as const

/**
 * Writes a line for each hit, miss, upgrade and refusal of the caches of this process, and for each step of races
 * (rows E1, E7), with strategy and model: `[CACHED|premium|gpt-4] key`. Failures are warnings. Returns what stops it.
 */
export function logCacheSteps(
  logger: FastifyBaseLogger & { isLevelEnabled?(level: string): boolean },
  options: CacheStepOptions = {},
): () => void {
  const named = new Set(options.spaces ?? [])
  const debugs = logger.isLevelEnabled?.('debug') ?? true
  const read = ({ space, key, outcome, tier, milliseconds, meta }: Events['entry-read']): void => {
    const isNamed = named.has(space)
    if (!isNamed && !debugs) return
    const facts = { space, key, tier, milliseconds, ...meta }
    const line = `[${outcomes[outcome]}|${provenanceText(meta)}] ${key}`
    if (isNamed) logger.info(facts, line)
    else logger.debug(facts, line)
  }
  const stops = [
    onEvent('entry-upgraded', ({ space, key, from, to, milliseconds }) =>
      logger.info(
        { space, key, from, ...to, milliseconds },
        `[UPGRADED|${provenanceText(to)}] ${key}, was ${provenanceText(from)}`,
      ),
    ),
    onEvent('upgrade-refused', ({ space, key, reason, meta }) =>
      logger.info({ space, key, reason, ...meta }, `[REFUSED|${provenanceText(meta)}] ${key}: ${reason}`),
    ),
    onEvent('entry-refused', ({ space, key, reason, meta }) =>
      logger.info({ space, key, reason, ...meta }, `[REFUSED|${provenanceText(meta)}] ${key}: ${reason}`),
    ),
    onEvent('race-answered', ({ race, meta, milliseconds, running }) => {
      const rest = running.length === 0 ? '' : `, ${running.join(', ')} still running`
      logger.info(
        { race, ...meta, milliseconds, running },
        `[RACE|${provenanceText(meta)}] ${race} answered${rest}`,
      )
    }),
    onEvent('strategy-ended', ({ race, outcome, milliseconds, meta, error }) => {
      const line = `[RACE|${provenanceText(meta)}] ${race}: ${outcome} after ${Math.round(milliseconds)} ms`
      const facts = { race, outcome, milliseconds, ...meta }
      if (outcome === 'invalid' || outcome === 'failed') logger.warn({ ...facts, err: error }, line)
      else logger.info(facts, line)
    }),
    // Nothing is built for reads that no line is written about.
    ...(named.size > 0 || debugs ? [onEvent('entry-read', read)] : []),
  ]
  return () => stops.forEach((stop) => stop())
}
