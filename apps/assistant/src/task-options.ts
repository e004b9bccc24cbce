import type { TaskOptions } from '@reprise/service'
import type { Lookups } from './dialogue/lookups.ts'
import type { Stores } from './stores.ts'
import { openModels } from './models/models.ts'
import { warmUp } from './warm-up.ts'

/** How the assistant keeps its tasks, what it knows to load ahead of use, and what it takes from elsewhere. */
export function taskOptions({ cache, database, runner }: Stores, lookups: Lookups): TaskOptions {
  const models = openModels({ cache, database })
  return {
    documents: [models.document],
    schedules: () => models.schedules(),
    ...(runner === undefined ? {} : { runner }),
    warmers: {
      knowledge: () => [
        { name: 'knowledge', run: () => warmUp({ cache, database, lookups, onProgress: () => {} }) },
      ],
    },
  }
}
