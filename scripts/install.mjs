import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { root } from './root.mjs'
import { run } from './run.mjs'

/** The oldest Node that runs Reprise: major and minor. */
const oldest = /** @type {const} */ ([20, 19])

/**
 * Says why `version` cannot run Reprise, or undefined when it can.
 * @param {string} version such as `20.20.2`
 */
export const refuseNode = (version) => {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major > oldest[0] || (major === oldest[0] && minor >= oldest[1])) return undefined
  return (
    `Reprise needs Node ${oldest.join('.')} or newer, but this is Node ${version} (${process.execPath}). ` +
    'Install a newer Node and run the same command again.'
  )
}

/** @param {string} file @returns {Record<string, { version?: string, integrity?: string, optional?: boolean }>} */
const packagesIn = (file) => JSON.parse(readFileSync(file, 'utf8')).packages

/**
 * Says why the packages in `folder` must be installed: `'first run'`, `'package-lock.json changed'`, or
 * undefined when everything is there. It compares what the lock file asks for with what npm noted it
 * installed, so that copies with new file times are judged by their content. Optional packages (other
 * platforms' binaries) are not demanded.
 * @param {string} [folder]
 */
export const installReason = (folder = root) => {
  const installed = join(folder, 'node_modules', '.package-lock.json')
  if (!existsSync(installed)) return 'first run'
  const wanted = packagesIn(join(folder, 'package-lock.json'))
  const found = packagesIn(installed)
  for (const [path, want] of Object.entries(wanted)) {
    if (path === '' || want.optional === true) continue
    const have = found[path]
    if (have?.version !== want.version || have?.integrity !== want.integrity)
      return 'package-lock.json changed'
  }
  return undefined
}

/** The command that runs npm: the npm that started us, else the one on PATH. */
const npm = () => {
  const script = process.env['npm_execpath'] ?? ''
  return script.endsWith('npm-cli.js') ? [process.execPath, script] : ['npm']
}

/**
 * Installs the dependencies with `npm ci` when they are missing or not those of package-lock.json, and ends
 * the process with a clear message when Node is too old or the installation fails. Costs some milliseconds
 * when there is nothing to do.
 */
export const ensureInstalled = async () => {
  const refusal = refuseNode(process.versions.node)
  if (refusal !== undefined) {
    console.error(refusal)
    process.exit(1)
  }
  const reason = installReason()
  if (reason === undefined) return
  console.log(`installing dependencies (${reason}) ...`)
  const [command = 'npm', ...args] = npm()
  // --include=dev: with NODE_ENV=production npm would leave out tsx, which runs the sources
  const { code, output } = await run(command, [...args, 'ci', '--include=dev', '--no-audit', '--no-fund'])
  if (code === 0) return
  console.error(output)
  console.error(
    `npm ci failed with code ${code}; see its output above. Run \`npm ci\` yourself and try again.`,
  )
  process.exit(1)
}
