import type { DataOf, Routes } from '@reprise/api'
import { bytes, whole } from '../amounts.ts'
import { defineCommand } from '../command.ts'
import { CommandError, exitCodes } from '../exit-codes.ts'
import { table } from '../table.ts'

type Preview = NonNullable<DataOf<Routes['invalidate']>['preview']>

/** `reprise invalidate`: makes entries disappear in every process. */
export const invalidateCommand = defineCommand({
  usage: 'invalidate',
  summary: 'Make entries disappear in every process, by key, tag, space or tenant',
  options: (parser) =>
    parser
      .option('key', {
        type: 'string',
        array: true,
        default: [] as string[],
        describe: 'Keys',
        requiresArg: true,
      })
      .option('tag', {
        type: 'string',
        array: true,
        default: [] as string[],
        describe: 'Tags',
        requiresArg: true,
      })
      .option('space', {
        type: 'string',
        array: true,
        default: [] as string[],
        describe: 'Spaces',
        requiresArg: true,
      })
      .option('tenant', { type: 'string', describe: 'Everything of a tenant', requiresArg: true })
      .option('reason', { type: 'string', describe: 'Why: kept in the log', requiresArg: true })
      .option('dry-run', { type: 'boolean', default: false, describe: 'Only say what would go' }),
  run: async ({ key, tag, space, tenant, reason, dryRun }, { withApi, confirm, print, common }) => {
    if (key.length + tag.length + space.length === 0 && tenant === undefined)
      throw new CommandError('Say what is to go: --key, --tag, --space or --tenant', exitCodes.usage)
    const target = { keys: key, tags: tag, spaces: space, ...(tenant === undefined ? {} : { tenant }) }
    return withApi(async ({ client }) => {
      const ask = async (dry_run: boolean) =>
        client.call('invalidate', {
          body: { ...target, dry_run, ...(reason === undefined ? {} : { reason }) },
        })
      if (dryRun || !common.yes) {
        const { preview } = await ask(true)
        if (preview !== null && dryRun) {
          print(preview, () => previewed(preview))
          return exitCodes.ok
        }
        await confirm(`${whole(preview?.entries ?? 0)} entries would go. Go on?`)
      }
      const { invalidation } = await ask(false)
      print(invalidation, () =>
        invalidation?.status === 'completed'
          ? 'Done, and seen to be done.\n'
          : `Written down as ${invalidation?.invalidation_id ?? '?'}: tried until it is done (${invalidation?.error ?? 'pending'}).\n`,
      )
      return exitCodes.ok
    })
  },
})

function previewed({ entries, bytes: size, spaces, samples }: Preview): string {
  const counts = Object.entries(spaces)
  const list = table(
    [
      { title: 'SPACE', show: ([name]) => name },
      { title: 'ENTRIES', show: ([, count]) => whole(count), align: 'right' },
    ],
    counts,
  )
  const some = samples.map(({ key }) => `  ${key}\n`).join('')
  const head = `${whole(entries)} entries of ${bytes(size)} would go.\n`
  return entries === 0 ? head : `${head}\n${list}\nSuch as:\n${some}`
}
