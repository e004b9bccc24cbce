import type { Client, DataOf, Routes } from '@reprise/api'
import { defineCommand } from '../command.ts'
import { CommandError, exitCodes } from '../exit-codes.ts'
import { table } from '../table.ts'

type Row = DataOf<Routes['configRead']>['row']

/** Where the reference assistant keeps its settings. */
const place = 'system_configs'

/** `reprise settings`: what an administrator changes while the application runs (row A9). */
export const settingsCommand = defineCommand({
  usage: 'settings [category] [key] [value]',
  summary: 'Settings of a running application: the categories, those of one, or change one of them',
  options: (parser) =>
    parser
      .positional('category', { type: 'string', describe: 'Such as model_catalogue' })
      .positional('key', { type: 'string', describe: 'Which of them to change' })
      .positional('value', { type: 'string', describe: 'JSON, such as 30, true or "text"; else a text' })
      .option('reason', { type: 'string', describe: 'Why: kept with the change', requiresArg: true })
      .check(({ key, value }) => {
        if (key === undefined || value !== undefined) return true
        throw new CommandError('Say what it is to be: settings CATEGORY KEY VALUE', exitCodes.usage)
      }),
  run: async ({ category, key, value = '', reason }, { withApi, print }) =>
    withApi(async ({ client }) => {
      if (category === undefined) {
        const { categories } = await client.call('settingCategories')
        print(categories, () =>
          table(
            [
              { title: 'CATEGORY', show: (one) => one.category },
              { title: 'VERSION', show: ({ version }) => version, align: 'right' },
              { title: 'CHANGED', show: (one) => one.changed_at },
            ],
            categories,
          ),
        )
      } else if (key === undefined) {
        const { items } = await client.call('settingVersions', { query: { category, limit: 1 } })
        const settings = Object.entries(items[0]?.settings ?? {})
        print(items[0]?.settings, () =>
          table(
            [
              { title: 'KEY', show: ([name]) => name },
              { title: 'VALUE', show: ([, setting]) => JSON.stringify(setting.config_value) },
              { title: 'WHAT', show: ([, { description }]) => description },
            ],
            settings,
          ),
        )
      } else {
        const id = await idOf(client, category, key)
        const body = {
          values: { config_value: readValue(value) },
          ...(reason === undefined ? {} : { reason }),
        }
        const changed = await client.call('configChange', { params: { table: place, id }, body })
        const { config_value } = changed.row
        print(changed, () => `${category} ${key} is ${JSON.stringify(config_value)}\n`)
      }
    }),
})

/** @throws CommandError when there is no such setting */
async function idOf(client: Client, category: string, key: string): Promise<string> {
  const params = { table: place }
  for (let page = 1, seen = 0, total = 1; seen < total; page += 1) {
    const query = { page: String(page), page_size: '200' }
    const found = await client.call('configList', { params, query })
    const row = found.rows.find((one: Row) => one['category'] === category && one['config_key'] === key)
    if (row !== undefined) return JSON.stringify(row['id'])
    seen += found.rows.length
    total = found.rows.length === 0 ? 0 : found.total
  }
  throw new CommandError(
    `There is no setting ${category} ${key}: \`reprise settings ${category}\` lists those there are`,
    exitCodes.absent,
  )
}

function readValue(text: string): Row[string] {
  try {
    return JSON.parse(text) as Row[string]
  } catch {
    return text
  }
}
