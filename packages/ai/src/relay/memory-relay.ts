import type { RelayNews, StreamRelay } from './stream-relay.ts'

interface Topic {
  news: RelayNews[]
  readonly listeners: Set<(news: RelayNews) => void>
}

/**
 * A relay for several caches of one process over one shared store, and for tests. It does not look at invalidations, so what
 * is cut off by one must be told to `forget`.
 */
export function memoryRelay(): StreamRelay & { forget(): void } {
  const topics = new Map<string, Topic>()
  const topicOf = (key: string): Topic => {
    let topic = topics.get(key)
    if (topic === undefined) topics.set(key, (topic = { news: [], listeners: new Set() }))
    return topic
  }
  return {
    async begin(key) {
      const topic = topicOf(key)
      const own: RelayNews[] = []
      topic.news = own
      const tell = (news: RelayNews): void => {
        own.push(news)
        if (topic.news === own) for (const listener of topic.listeners) listener(news)
      }
      const end = async (news: RelayNews): Promise<void> => {
        tell(news)
        if (topic.listeners.size === 0 && topics.get(key) === topic) topics.delete(key)
      }
      tell({ kind: 'begun' })
      return {
        push: (part) => tell({ kind: 'parts', parts: [part] }),
        answered: async (answer) => end({ kind: 'answered', answer }),
        failed: async (message) => end({ kind: 'failed', message }),
        drop() {},
      }
    },
    follow(key, listener) {
      const topic = topicOf(key)
      topic.listeners.add(listener)
      for (const news of topic.news) listener(news)
      return {
        async catchUp() {},
        stop() {
          topic.listeners.delete(listener)
          const over = ['answered', 'failed', undefined].includes(topic.news.at(-1)?.kind)
          if (over && topic.listeners.size === 0 && topics.get(key) === topic) topics.delete(key)
        },
      }
    },
    forget() {
      for (const topic of topics.values()) topic.news = []
    },
  }
}
