// A cache that does nothing right, to see that the correctness suite sees it.
import type { CacheAdapter } from '../src/testing/correctness/cache-under-test.ts'

const careless: CacheAdapter = {
  name: 'careless',
  offers: [],
  async open() {
    const values = new Map<string, unknown>()
    return {
      async getOrLoad(key, loader) {
        if (!values.has(key)) values.set(key, await loader())
        return values.get(key)
      },
      delete: async (key) => void values.delete(key),
      close: async () => {},
    }
  },
}

export default careless
