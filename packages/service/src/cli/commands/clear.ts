import { bytes, whole } from '../amounts.ts'
import { defineCommand } from '../command.ts'

/** `reprise clear`: removes every entry of the application and nothing else. */
export const clearCommand = defineCommand({
  usage: 'clear',
  summary: 'Remove every entry of this application and nothing else',
  options: (parser) => parser,
  run: async (_args, { withApi, confirm, print }) =>
    withApi(async ({ client, where }) => {
      await confirm(`Remove every entry of ${where}?`)
      const report = await client.call('cacheClear')
      print(report, () => `${whole(report.removed)} entries removed, ${bytes(report.bytes)} freed\n`)
    }),
})
