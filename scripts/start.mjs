// `npm start`: the assistant in this very process. There is no child, so signals, the exit code and the end of
// the parent need no forwarding: SIGTERM to npm or to the whole process group reaches apps/assistant/src/main.ts
// as it would reach any program. `npm run dev` is the same under `node --watch`.
import { ensureInstalled } from './install.mjs'
import { importSources } from './sources.mjs'

await ensureInstalled()
await importSources()
await import('../apps/assistant/src/main.ts')
