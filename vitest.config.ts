import { defineConfig } from 'vitest/config'

// '@reprise/source' first: packages see each other's src, so tests need no build. The rest are vite's defaults,
// which a list of our own replaces.
const conditions = ['@reprise/source', 'module', 'node', 'development|production']

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['packages/*/test/**/*.test.ts', 'apps/*/test/**/*.test.ts', 'scripts/**/*.test.mjs'],
    globalSetup: 'scripts/pglite-template.mjs',
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 20_000,
    // An embedded PostgreSQL takes two seconds of processor time to start, ten and more on a busy machine.
    hookTimeout: 60_000,
  },
})
