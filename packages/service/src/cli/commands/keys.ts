import type { z } from 'zod'
import type { entryRow } from '@reprise/api'
import { bytes, span } from '../amounts.ts'
import { defineCommand } from '../command.ts'
import { collect, pages } from '../pages.ts'
import { type Column, table } from '../table.ts'

type Entry = z.infer<typeof entryRow>

/** `reprise keys`: the entries that are there. */
export const keysCommand = defineCommand({
  usage: 'keys',
  summary: 'Entries of all tiers, each once',
  options: (parser) =>
    parser
      .option('space', { type: 'string', describe: 'Of one space', requiresArg: true })
      .option('params', {
        type: 'string',
        describe: "By parameters: 'user_id=42&channel=web*'",
        requiresArg: true,
      })
      .option('tag', { type: 'string', describe: 'With a tag', requiresArg: true })
      .option('tenant', { type: 'string', describe: 'Of a tenant', requiresArg: true })
      .option('limit', { type: 'number', default: 50, describe: 'How many' })
      .option('bare', { type: 'boolean', default: false, describe: 'Keys alone, for pipes' }),
  run: async ({ space, params, tag, tenant, limit, bare }, { withApi, io, print }) =>
    withApi(async ({ client }) => {
      const filter = { ...given({ space, params, tag, tenant }) }
      const found = pages((page) => client.call('entryList', { query: { ...filter, ...page } }), limit)
      if (bare) {
        for await (const { key } of found) io.out(`${key}\n`)
        return
      }
      const entries = await collect(found)
      print(entries, () =>
        entries.length === 0 ? 'Nothing is there.\n' : table(columns(Date.now()), entries),
      )
    }),
})

function columns(now: number): readonly Column<Entry>[] {
  return [
    { title: 'KEY', show: ({ key }) => key },
    { title: 'STATE', show: ({ state }) => state },
    {
      title: 'LEFT',
      show: ({ expires_at: end }) => (end === null ? 'for ever' : span(Date.parse(end) - now)),
      align: 'right',
    },
    { title: 'SIZE', show: (entry) => bytes(entry.bytes), align: 'right' },
    { title: 'TIERS', show: ({ tiers }) => tiers.join('+') },
    { title: 'MODEL', show: ({ model }) => model },
  ]
}

/** The options that were given. */
export function given<T extends Readonly<Record<string, string | undefined>>>(
  options: T,
): { readonly [Name in keyof T]?: string } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as {
    readonly [Name in keyof T]?: string
  }
}
