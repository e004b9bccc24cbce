import type { DataOf, Routes } from '@reprise/api'
import { bytes, percent, span, whole } from '../amounts.ts'
import { defineCommand } from '../command.ts'
import { facts, table } from '../table.ts'

type Stats = DataOf<Routes['cacheStats']>

/** `reprise stats`: what the cache holds and how well it does. */
export const statsCommand = defineCommand({
  usage: 'stats',
  summary: 'Figures of the cache: hit rate, spaces, tiers',
  options: (parser) => parser,
  run: async (_args, { withApi, print }) => {
    const { stats, where, counts } = await withApi(async (connection) => ({
      ...connection,
      stats: await connection.client.call('cacheStats'),
    }))
    const parts = [summary(stats, where), ...(counts ? [rates(stats), spaces(stats)] : []), tiers(stats)]
    print(stats, () => parts.join('\n'))
  },
})

function summary(stats: Stats, where: string): string {
  return facts([
    ['of', where],
    ['entries', whole(stats.totalFiles)],
    [
      'size',
      stats.maxSize === 0 ? bytes(stats.totalSize) : `${bytes(stats.totalSize)} of ${bytes(stats.maxSize)}`,
    ],
  ])
}

function rates(stats: Stats): string {
  return facts([
    ['hit rate', `${percent(stats.hit_rate)} (${whole(stats.hits)} hits, ${whole(stats.misses)} misses)`],
    ['loads', whole(stats.loads)],
  ])
}

function spaces(stats: Stats): string {
  const used = stats.spaces.filter(
    ({ hits, misses, sets, memory_entries: held }) => sum(hits) + misses + sets + held > 0,
  )
  if (used.length === 0) return 'No space has been used since the service started.\n'
  return table(
    [
      { title: 'SPACE', show: ({ space }) => space },
      { title: 'HITS', show: ({ hits }) => whole(sum(hits)), align: 'right' },
      { title: 'MISSES', show: ({ misses }) => whole(misses), align: 'right' },
      { title: 'LOADS', show: ({ loads }) => whole(loads), align: 'right' },
      {
        title: 'LOAD TIME',
        show: ({ loads, load_seconds: seconds }) => (loads === 0 ? null : span((seconds / loads) * 1000)),
        align: 'right',
      },
      { title: 'SHARED', show: ({ coalesced }) => whole(coalesced), align: 'right' },
      { title: 'FAILED', show: ({ load_failures: failures }) => whole(failures), align: 'right' },
      { title: 'IN MEMORY', show: ({ memory_entries: entries }) => whole(entries), align: 'right' },
    ],
    used,
  )
}

function tiers(stats: Stats): string {
  return table(
    [
      { title: 'TIER', show: ({ name }) => name },
      {
        title: 'STATE',
        show: ({ reachable, error }) => (reachable ? 'reachable' : `away: ${error ?? 'no reason told'}`),
      },
      { title: 'ENTRIES', show: ({ entries }) => whole(entries), align: 'right' },
      { title: 'SIZE', show: (tier) => bytes(tier.bytes), align: 'right' },
      {
        title: 'BOUND',
        show: ({ max_bytes: bound }) => (bound === undefined ? null : bytes(bound)),
        align: 'right',
      },
    ],
    stats.tiers,
  )
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0)
}
