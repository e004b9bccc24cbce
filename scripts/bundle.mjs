import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'

import { root } from './root.mjs'

// It forks a program by the ending of its own file.
const forks = join(root, 'apps', 'assistant', 'src', 'travel-api', 'start.ts')

/**
 * Our own sources go into the bundle, and each still knows its own place; packages are left where they are.
 * @type {import('esbuild').Plugin}
 */
const ownSources = {
  name: 'own-sources',
  setup(esbuild) {
    esbuild.onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
      kind === 'entry-point' || path.startsWith('@reprise/') ? undefined : { external: true },
    )
    esbuild.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8')
      if (path === forks) return { contents: text, loader: 'ts' }
      const place = JSON.stringify(pathToFileURL(path).href)
      return { contents: text.replaceAll('import.meta.url', place), loader: 'ts' }
    })
  },
}

/**
 * Makes each program one JavaScript file in `outdir`: to read and compile hundreds of sources takes a process three
 * times as long as to start.
 * @param {Readonly<Record<string, string>>} programs file of each, by its name
 * @param {string} outdir
 */
export const bundlePrograms = (programs, outdir) =>
  build({
    entryPoints: { ...programs },
    outdir,
    absWorkingDir: root,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions: ['@reprise/source'],
    plugins: [ownSources],
  })
