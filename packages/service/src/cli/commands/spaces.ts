import { bytes, percent, span, whole } from '../amounts.ts'
import { defineCommand } from '../command.ts'
import { table } from '../table.ts'

/** `reprise spaces`: the catalog as a table. */
export const spacesCommand = defineCommand({
  usage: 'spaces',
  summary: 'The catalog: templates, TTLs, what there is and how it works',
  options: (parser) => parser,
  run: async (_args, { withApi, print }) =>
    withApi(async ({ client, counts }) => {
      const { items } = await client.call('spaceList')
      const rates = [
        {
          title: 'HIT RATE',
          show: (space: (typeof items)[number]) =>
            space.hits + space.misses === 0 ? null : percent(space.hit_rate),
          align: 'right' as const,
        },
        {
          title: 'LOAD',
          show: ({ mean_load_seconds: mean }: (typeof items)[number]) =>
            mean === null ? null : span(mean * 1_000),
          align: 'right' as const,
        },
      ]
      print(items, () =>
        table(
          [
            { title: 'SPACE', show: ({ space }) => space },
            { title: 'TEMPLATE', show: ({ template }) => template },
            { title: 'TTL', show: ({ ttl }) => ttl },
            { title: 'ENTRIES', show: ({ entries }) => whole(entries), align: 'right' },
            { title: 'SIZE', show: (space) => bytes(space.bytes), align: 'right' },
            ...(counts ? rates : []),
          ],
          items,
        ),
      )
    }),
})
