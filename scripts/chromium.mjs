import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

import { installFromDebian } from './find-servers.mjs'

const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome']

const look = () =>
  (process.env['PATH'] ?? '')
    .split(delimiter)
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .find((path) => existsSync(path))

/**
 * Finds Chromium: on PATH, else by installing Debian's package when this is root, with a font that has Chinese.
 * @throws an Error that tells what to install when there is no way
 * @returns {Promise<string>} where the program is
 */
export const findChromium = async () => {
  const found = look()
  if (found !== undefined) return found
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    await installFromDebian(['chromium', 'fonts-wqy-zenhei'])
  }
  const installed = look()
  if (installed !== undefined) return installed
  throw new Error(
    'The tests of the console need Chromium, which is not on PATH. Install it (Debian: sudo apt-get install chromium; ' +
      'macOS: brew install --cask chromium) and run npm test again. The tests that need none: npm test -- --unit',
  )
}
