// What the command line operates: `npm run reprise -- COMMAND` in this repository.
import { createService, defineApplication } from '@reprise/service'
import { createLookups } from './dialogue/lookups.ts'
import { createAskedInvalidations } from './events/asked.ts'
import { fillDatabase } from './seed/fill.ts'
import { closeAll, openStores } from './stores.ts'
import { taskOptions } from './task-options.ts'
import { createAssistant } from './wire.ts'

export default defineApplication({
  name: 'assistant',
  async open(settings, { logger }) {
    const stores = await openStores(settings, { logger })
    try {
      const { cache, database, background } = stores
      await fillDatabase(stores, logger)
      const tasks = taskOptions(
        stores,
        createLookups(cache, database, () => new Date()),
      )
      const invalidations = createAskedInvalidations({
        cache,
        database,
        now: () => new Date(),
        onError: (error) => logger.warn({ err: error }, 'an invalidation is tried again'),
      })
      const service = await createService({
        cache,
        database,
        background,
        settings,
        logger,
        tasks,
        invalidations,
      })
      await invalidations.start()
      const closers = [() => stores.close(), () => invalidations.close(), () => service.close()]
      return { service, close: () => closeAll(closers) }
    } catch (error) {
      await stores.close()
      throw error
    }
  },
  async serve(settings, { logger }) {
    const assistant = await createAssistant({ settings, logger, environment: process.env })
    try {
      const address = await assistant.service.listen()
      return { service: assistant.service, address, close: () => assistant.close() }
    } catch (error) {
      await assistant.close()
      throw error
    }
  },
})
