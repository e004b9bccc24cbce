/** The export condition under which packages see each other's TypeScript sources. */
export const sourceCondition = '@reprise/source'

/**
 * Lets this process import TypeScript files. Node must have been started with
 * `--conditions=@reprise/source` (package.json does): without it packages would resolve to `dist`, so this
 * ends the process with a message in that case. Call it after `ensureInstalled()`.
 */
export const importSources = async () => {
  const flags = [...process.execArgv, process.env['NODE_OPTIONS'] ?? ''].join(' ')
  if (!flags.includes(sourceCondition)) {
    console.error(
      `Node was started without --conditions=${sourceCondition}. Use the npm script, such as npm start.`,
    )
    process.exit(1)
  }
  const { register } = await import('tsx/esm/api')
  register()
}
