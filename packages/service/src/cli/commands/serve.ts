import type { Opened } from '../application.ts'
import { defineCommand } from '../command.ts'
import { untilInterrupted } from '../until-interrupted.ts'

/** `reprise serve`: the application, until it is told to end. */
export const serveCommand = defineCommand({
  usage: 'serve',
  summary: 'Run the server of the application until Ctrl-C or SIGTERM',
  options: (parser) => parser,
  run: async (_args, { io, local }) => {
    const { application, settings, logger } = await local()
    const running =
      application.serve === undefined
        ? await listen(await application.open(settings, { logger }))
        : await application.serve(settings, { logger })
    try {
      const { oneTimePassword } = await running.service.ensureAdministrator()
      if (oneTimePassword !== undefined) io.out(`one-time password of the user admin: ${oneTimePassword}\n`)
      io.out(`ready ${running.address}\n`)
      await untilInterrupted(io.interrupted)
      io.err('ending\n')
    } finally {
      await running.close()
    }
  },
})

async function listen(opened: Opened): Promise<Opened & { readonly address: string }> {
  try {
    return { ...opened, address: await opened.service.listen() }
  } catch (error) {
    await opened.close()
    throw error
  }
}
