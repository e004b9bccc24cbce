import { defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { collect, pages } from '../pages.ts'
import { table } from '../table.ts'
import { given } from './keys.ts'

/** `reprise audit`: who did what, and whether the log is as it was written. */
export const auditCommand = defineCommand({
  usage: 'audit [action]',
  summary: 'The operation log: list, export as CSV, verify the chain',
  options: (parser) =>
    parser
      .positional('action', { choices: ['list', 'export', 'verify'] as const, default: 'list' as const })
      .option('user', { type: 'string', describe: 'By a user', requiresArg: true })
      .option('operation', { type: 'string', describe: 'Such as cache.clear, or cache', requiresArg: true })
      .option('from', { type: 'string', describe: 'From this moment (ISO 8601)', requiresArg: true })
      .option('to', { type: 'string', describe: 'Before this moment', requiresArg: true })
      .option('text', { type: 'string', describe: 'Somewhere in the row', requiresArg: true })
      .option('limit', { type: 'number', default: 50, describe: 'How many' }),
  run: async ({ action, user, operation, from, to, text, limit }, { withApi, io, print }) =>
    withApi(async ({ client }) => {
      const query = given({ user, action: operation, from, to, text })
      if (action === 'export') {
        io.out(await client.call('operationExport', { query }))
        return exitCodes.ok
      }
      if (action === 'verify') {
        const found = await client.call('operationVerify')
        print(found, () =>
          found.intact
            ? `The chain of ${found.rows} rows is intact; the last is ${found.position} with ${found.hash ?? 'no hash'}: note it elsewhere.\n`
            : `Row ${found.position} is not as it was written: ${found.reason ?? 'no reason told'}\n`,
        )
        return found.intact ? exitCodes.ok : exitCodes.failed
      }
      const rows = await collect(
        pages((page) => client.call('operations', { query: { ...query, ...page } }), limit),
      )
      print(rows, () =>
        rows.length === 0
          ? 'Nothing is there.\n'
          : table(
              [
                { title: 'TIME', show: (row) => row.at },
                { title: 'USER', show: (row) => row.username },
                { title: 'ACTION', show: (row) => row.action },
                {
                  title: 'TARGET',
                  show: (row) => (row.target.length > 60 ? `${row.target.slice(0, 59)}…` : row.target),
                },
                { title: 'RESULT', show: (row) => row.result },
                { title: 'MS', show: (row) => row.duration_ms, align: 'right' },
                { title: 'FROM', show: (row) => row.address },
                { title: 'ERROR', show: (row) => row.error },
              ],
              rows,
            ),
      )
      return exitCodes.ok
    }),
})
