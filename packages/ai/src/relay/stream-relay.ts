/**
 * How processes hear of answers that one of them is making. A relay carries news beside the cache and decides nothing:
 * who may call the model is decided by the lease of the key, and an answer that a relay has lost is still had from the
 * cache when it is whole. So no call fails because of a relay, and none of its methods rejects.
 */
export interface StreamRelay {
  /**
   * Announces that this process begins to make the answer of a key; what was told of the key before is over. Resolves when
   * the model may be asked: an invalidation that is known by then is older than what follows.
   */
  begin(key: string): Promise<RelayWriter>
  /** Hears what is told of a key, from the beginning of the call that is being made now. */
  follow(key: string, listener: (news: RelayNews) => void): Following
}

/** Tells others of one call. */
export interface RelayWriter {
  push(part: unknown): void
  /** Ends it with the whole answer, or without one where its parts are all of it. Resolves when others can read that. */
  answered(answer?: unknown): Promise<void>
  /** Ends it with the message of its error. Resolves when others can read that. */
  failed(message: string): Promise<void>
  /** Says nothing more; who follows is answered by the cache. */
  drop(): void
}

/** What is told of a key: a call begins, its parts come, it ends. A call that begins takes the place of the one before. */
export type RelayNews =
  | { readonly kind: 'begun' }
  | { readonly kind: 'parts'; readonly parts: readonly unknown[] }
  | { readonly kind: 'answered'; readonly answer: unknown }
  | { readonly kind: 'failed'; readonly message: string }

/** One who follows a key. */
export interface Following {
  /** Resolves when everything was heard that had been told up to now. */
  catchUp(): Promise<void>
  stop(): void
}
