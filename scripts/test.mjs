// `npm test [-- arguments of vitest]`: all tests, with a real Redis and a real PostgreSQL, whose addresses they find
// in REPRISE_TEST_REDIS_URL and REPRISE_TEST_DATABASE_URL. A test that needs them is named `*.server.test.ts`.
// Those named `*.browser.test.ts` drive Chromium, whose place they find in REPRISE_TEST_CHROMIUM.
//   --unit    only the tests that need no server and no browser; starts none
//   --count   ends with the line `N passed, N failed`
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { findChromium } from './chromium.mjs'
import { ensureConsole } from './console.mjs'
import { countTests, sayCount } from './count.mjs'
import { ensureInstalled } from './install.mjs'
import { root } from './root.mjs'
import { exitOnSignals, run } from './run.mjs'
import { startServers } from './servers.mjs'

exitOnSignals()
await ensureInstalled()

const own = ['--unit', '--count']
const given = process.argv.slice(2)
const unit = given.includes('--unit')
const count = given.includes('--count')

/** @param {Error} error @returns {never} */
const giveUp = (error) => {
  console.error(error.message)
  process.exit(1)
}
if (!unit) await ensureConsole()
const chromium = unit ? undefined : await findChromium().catch(giveUp)
const servers = unit ? undefined : await startServers().catch(giveUp)

const folder = mkdtempSync(join(tmpdir(), 'reprise-count-'))
process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
const report = join(folder, 'tests.json')
const reporters = count ? ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`] : []
const scope = unit ? ['--exclude', '**/*.server.test.ts', '--exclude', '**/*.browser.test.ts'] : []
const addresses = {
  REPRISE_TEST_REDIS_URL: servers?.redisUrl,
  REPRISE_TEST_DATABASE_URL: servers?.databaseUrl,
  REPRISE_TEST_CHROMIUM: chromium,
}

const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
const { code } = await run(
  process.execPath,
  [vitest, 'run', ...reporters, ...scope, ...given.filter((argument) => !own.includes(argument))],
  { show: true, group: true, env: { ...process.env, ...addresses } },
)
await servers?.stop()
if (count) console.log(sayCount(countTests(report, code)))
process.exitCode = code
