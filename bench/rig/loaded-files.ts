/** Which files Node loads, as modules or by `require`: how much of a package is in use. */
import { statSync } from 'node:fs'
import { createRequire, register } from 'node:module'
import { fileURLToPath } from 'node:url'
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads'

/** The files that were loaded since the start of the watch. */
export interface LoadedFiles {
  readonly count: number
  readonly bytes: number
}

const hooks = `
let port
export const initialize = (given) => { port = given }
export const load = (url, context, next) => { port.postMessage(url); return next(url, context) }
`

/** Starts to watch; the function that it answers stops and says what was loaded. It slows imports down. */
export function watchFiles(): () => LoadedFiles {
  const { port1, port2 } = new MessageChannel()
  register(`data:text/javascript,${encodeURIComponent(hooks)}`, {
    parentURL: import.meta.url,
    data: port2,
    transferList: [port2],
  })
  return () => {
    const files = new Set(Object.keys(createRequire(import.meta.url).cache))
    for (let got = receiveMessageOnPort(port1); got !== undefined; got = receiveMessageOnPort(port1)) {
      const url = String(got.message)
      if (url.startsWith('file:')) files.add(fileURLToPath(url))
    }
    port1.close()
    const bytes = [...files].reduce((sum, file) => sum + statSync(file).size, 0)
    return { count: files.size, bytes }
  }
}
