import { defineConfig } from 'vitest/config'

// '@reprise/source' first: packages see each other's src, so tests need no build. The rest are vitest's defaults, which
// a list of our own replaces: vite's without 'module', a condition for bundlers that Node does not know.
const conditions = ['@reprise/source', 'node', 'development|production']

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['packages/*/test/**/*.test.ts', 'apps/*/test/**/*.test.ts', 'scripts/**/*.test.mjs'],
    globalSetup: 'scripts/test-setup.mjs',
    pool: 'forks',
    maxWorkers: 2,
    // No test is about how fast this machine is: these only end what hangs, on a machine that is ten times slower, too.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 30_000 } },
  },
})
