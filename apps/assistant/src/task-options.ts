import type { TaskOptions } from '@reprise/service'
import type { Lookups } from './dialogue/lookups.ts'
import type { Stores } from './stores.ts'
import { warmUp } from './warm-up.ts'

/** How the assistant keeps its tasks, and what it knows to load ahead of use. */
export function taskOptions({ cache, database, runner }: Stores, lookups: Lookups): TaskOptions {
  return {
    ...(runner === undefined ? {} : { runner }),
    warmers: {
      knowledge: () => [
        { name: 'knowledge', run: () => warmUp({ cache, database, lookups, onProgress: () => {} }) },
      ],
    },
  }
}
