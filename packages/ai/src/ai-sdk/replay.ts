import type { Clock } from '@reprise/cache'
import type { Part } from './model.ts'

/** Gives the text of a stream a word at a time; everything else goes through at once. */
export function paced(clock: Clock, every: number): TransformStream<Part, Part> {
  return new TransformStream({
    async transform(part, controller) {
      if (!/^(?:text|reasoning)-delta$/.test(part.type) || typeof part['delta'] !== 'string') {
        controller.enqueue(part)
        return
      }
      // Words keep the blanks before them; scripts without blanks come as their runs of up to 8 characters.
      const words = part['delta'].match(/\s*\S{1,8}|\s+/gu) ?? ['']
      for (const [index, delta] of words.entries()) {
        await new Promise<void>((resolve) => {
          clock.setTimeout(resolve, every)
        })
        const { providerMetadata, ...rest } = part
        const last = index === words.length - 1 && providerMetadata !== undefined
        controller.enqueue({ ...rest, delta, ...(last ? { providerMetadata } : {}) })
      }
    },
  })
}
