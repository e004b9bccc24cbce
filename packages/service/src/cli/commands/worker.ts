import { defineCommand } from '../command.ts'
import { untilInterrupted } from '../until-interrupted.ts'

/** `reprise worker`: does tasks, and listens on no port. */
export const workerCommand = defineCommand({
  usage: 'worker',
  summary: 'Do the tasks of the application until Ctrl-C or SIGTERM, without a server',
  options: (parser) => parser,
  run: async (_args, { io, local }) => {
    const { application, settings, logger } = await local()
    const opened = await application.open(settings, { logger })
    try {
      io.out(`ready: worker of ${application.name}\n`)
      await untilInterrupted(io.interrupted)
      io.err('ending: what runs is finished or given back\n')
    } finally {
      await opened.close()
    }
  },
})
