import { z } from 'zod'
import { bytes, whole } from '../amounts.ts'
import { defineCommand } from '../command.ts'
import { runTask } from '../follow-task.ts'
import { facts, table } from '../table.ts'

const report = z.object({
  days: z.number(),
  type: z.string(),
  removed: z.number(),
  bytes: z.number(),
  files: z.object({ removed: z.number(), bytes: z.number() }),
  tiers: z.array(z.object({ tier: z.string(), removed: z.number(), bytes: z.number() })),
})

/** `reprise cleanup`: removes entries made more than some days ago (row B4). */
export const cleanupCommand = defineCommand({
  usage: 'cleanup',
  summary:
    'Remove entries made more than some days ago, with progress; Ctrl-C ends it, and it can be run again',
  options: (parser) =>
    parser
      .option('days', { type: 'number', default: 7, describe: 'Entries made longer ago go: 1 to 30' })
      .option('type', {
        choices: ['all', 'file', 'redis', 'database', 'tooling'] as const,
        default: 'all' as const,
        describe: 'From which tiers; tooling: exported files',
      })
      .option('stats', { type: 'boolean', default: false, describe: 'Also say what is left in each tier' }),
  run: async ({ days, type, stats }, { withApi, io, progress, print }) =>
    withApi(async ({ client }) => {
      const { result } = await runTask(client, { io, progress }, { kind: 'cleanup', input: { days, type } })
      const found = report.parse(result)
      const left = stats ? (await client.call('cacheStats')).tiers : undefined
      print({ ...found, ...(left === undefined ? {} : { left }) }, () => {
        const head = facts([
          ['removed', `${whole(found.removed)} entries made more than ${found.days} days ago`],
          ['files', `${whole(found.files.removed)} of exports`],
          ['freed', bytes(found.bytes)],
        ])
        const tiers = table(
          [
            { title: 'TIER', show: ({ tier }) => tier },
            { title: 'REMOVED', show: ({ removed }) => whole(removed), align: 'right' },
            { title: 'FREED', show: (tier) => bytes(tier.bytes), align: 'right' },
            ...(left === undefined
              ? []
              : [
                  {
                    title: 'LEFT',
                    show: ({ tier }: { readonly tier: string }) =>
                      whole(left.find(({ name }) => name === tier)?.entries ?? 0),
                    align: 'right' as const,
                  },
                ]),
          ],
          found.tiers,
        )
        return found.tiers.length === 0 ? head : `${head}\n${tiers}`
      })
    }),
})
