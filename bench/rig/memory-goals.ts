/** Which figures of memory are set against each other, and what they are to reach. */
import { median } from './figures.ts'

/** One figure of ours over one of theirs, by label. */
export interface Goal {
  readonly ours: string
  readonly theirs: string
  /** What the ratio is to be at least; without, it is only shown. */
  readonly least?: number
}

const peek = 'Reprise: peek'
const getOrLoad = 'Reprise: getOrLoad'

const small: readonly Goal[] = [
  { ours: peek, theirs: 'lru-cache with TTL: get', least: 0.5 },
  { ours: peek, theirs: 'layered-loader: getInMemoryOnly', least: 1 },
  { ours: peek, theirs: 'layered-loader by params: getInMemoryOnly', least: 1 },
  { ours: getOrLoad, theirs: 'layered-loader: get', least: 1 },
  { ours: getOrLoad, theirs: 'layered-loader by params: get', least: 1 },
  { ours: getOrLoad, theirs: 'cache-manager: get', least: 2 },
  { ours: getOrLoad, theirs: 'BentoCache: getOrSet', least: 15 },
]
const shown: readonly Goal[] = [
  { ours: getOrLoad, theirs: 'cache-manager: wrap' },
  { ours: getOrLoad, theirs: 'async-cache-dedupe: item' },
  { ours: getOrLoad, theirs: 'cacheable: getOrSet' },
  { ours: peek, theirs: 'Map: get' },
]

/** Peers' ways to read that do what ours does: without waiting and with an end of life, and awaited. */
const rivals = {
  [peek]: [
    'lru-cache with TTL: get',
    'layered-loader: getInMemoryOnly',
    'layered-loader by params: getInMemoryOnly',
  ],
  [getOrLoad]: [
    'layered-loader: get',
    'layered-loader by params: get',
    'cache-manager: get',
    'cache-manager: wrap',
    'async-cache-dedupe: item',
    'BentoCache: getOrSet',
    'cacheable: getOrSet',
  ],
}

/** The ratios to show; from 100 000 keys on, ours are to be level with the best of the peers. */
export function goals(keys: number, speeds: ReadonlyMap<string, readonly number[]>): readonly Goal[] {
  if (keys < 100_000) return [...small, ...shown]
  const bestOf = (names: readonly string[]): string | undefined =>
    names
      .filter((name) => speeds.has(name))
      .toSorted((a, b) => median(speeds.get(b) ?? []) - median(speeds.get(a) ?? []))[0]
  const best = Object.entries(rivals).flatMap(([ours, names]) => {
    const theirs = bestOf(names)
    return theirs === undefined ? [] : [{ ours, theirs, least: 1 }]
  })
  const others = [...small, ...shown]
    .filter(({ ours, theirs }) => !best.some((one) => one.ours === ours && one.theirs === theirs))
    .map(({ ours, theirs }) => ({ ours, theirs }))
  return [...best, ...others]
}
