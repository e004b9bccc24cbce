import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Application } from './application.ts'
import { CommandError, exitCodes } from './exit-codes.ts'

const names = ['reprise.config.js', 'reprise.config.mjs', 'reprise.config.ts']

/** Imports the application that a file exports by default. @throws CommandError naming the file and what is wrong with it */
export async function findApplication(cwd: string, given: string | undefined): Promise<Application> {
  const path =
    given === undefined
      ? names.map((name) => resolve(cwd, name)).find((candidate) => existsSync(candidate))
      : resolve(cwd, given)
  if (path === undefined) {
    throw new CommandError(
      `There is no ${names.join(', ')} in ${cwd}: give --application FILE, or --server URL to work through a server`,
      exitCodes.usage,
    )
  }
  if (!existsSync(path)) throw new CommandError(`There is no file ${path}`, exitCodes.usage)
  const module = (await import(pathToFileURL(path).href)) as { readonly default?: unknown }
  const found = module.default
  if (typeof found !== 'object' || found === null || !('open' in found) || typeof found.open !== 'function') {
    throw new CommandError(
      `${path} exports no application: write \`export default defineApplication({ name, open })\``,
      exitCodes.usage,
    )
  }
  return found as Application
}
