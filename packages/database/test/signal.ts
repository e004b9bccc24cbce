import { EventEmitter, once } from 'node:events'

/** Something that happens once, to wait for without sleeping. */
export function signal(): { readonly fired: Promise<unknown>; readonly fire: () => void } {
  const emitter = new EventEmitter()
  return { fired: once(emitter, 'fired'), fire: () => void emitter.emit('fired') }
}
