// `npm run reprise -- COMMAND`: the command line of the sources, on the assistant unless --application names another.
import { join } from 'node:path'

import { ensureInstalled } from './install.mjs'
import { root } from './root.mjs'
import { importSources } from './sources.mjs'

await ensureInstalled()
await importSources()
const { processIo } = await import('../packages/service/src/cli/process-io.ts')
const { runProgram } = await import('../packages/service/src/cli/program.ts')
const args = process.argv.slice(2)
const assistant = join(root, 'apps', 'assistant', 'src', 'application.ts')
const named = args.some((word) => word === '--application' || word.startsWith('--application='))
process.exitCode = await runProgram(named ? args : [...args, '--application', assistant], processIo())
