import { defineCommand } from '../command.ts'

/** `reprise migrate`: makes the tables of this version; opening the application does. */
export const migrateCommand = defineCommand({
  usage: 'migrate',
  summary: 'Make the tables that this version needs, and nothing else',
  options: (parser) => parser,
  run: async (_args, { local, io }) => {
    const { application, settings, logger } = await local()
    const opened = await application.open(settings, { logger })
    await opened.close()
    io.out(`the tables of ${application.name} are those of this version\n`)
  },
})
