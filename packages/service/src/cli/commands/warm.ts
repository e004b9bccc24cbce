import { z } from 'zod'
import { whole } from '../amounts.ts'
import { defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { runTask } from '../follow-task.ts'

const report = z.object({ done: z.number(), failed: z.array(z.string()) })

/** `reprise warm`: loads entries ahead of use (row C7). */
export const warmCommand = defineCommand({
  usage: 'warm [names..]',
  summary: 'Load entries ahead of use; without names, all that the application knows to warm',
  options: (parser) =>
    parser.positional('names', {
      type: 'string',
      array: true,
      default: [] as string[],
      describe: 'What to warm',
    }),
  run: async ({ names }, { withApi, io, progress, print }) =>
    withApi(async ({ client }) => {
      const input = names.length === 0 ? {} : { names }
      const { result } = await runTask(client, { io, progress }, { kind: 'warm', input })
      const { done, failed } = report.parse(result)
      print({ done, failed }, () => {
        const missing = failed.map((name) => `  ${name}\n`).join('')
        return `${whole(done)} entries are warm\n${failed.length === 0 ? '' : `These could not be loaded:\n${missing}`}`
      })
      return failed.length === 0 ? exitCodes.ok : exitCodes.failed
    }),
})
