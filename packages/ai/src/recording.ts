/**
 * One answer while it is being made, for everybody who wants it. Parts are pushed as they come; a follower gets those that
 * were there at once and then each as it comes, at its own speed. It ends once: with the answer, or with an error.
 * Followers that have all left before the end are told by `left`; whether the call goes on then is not decided here.
 */
export class Recording<Part, Answer> {
  /** What came so far. */
  readonly parts: Part[] = []
  /** The answer; rejects when it failed. */
  readonly answer: Promise<Answer>
  done = false
  /** Resolves when there is a first part or an answer; rejects when it failed before. */
  readonly #opened: Promise<void>
  #failure: { readonly error: unknown } | undefined
  #followers = 0
  readonly #left = new AbortController()
  #wake: (() => void)[] = []
  #open!: () => void
  #resolve!: (answer: Answer) => void
  #reject!: (error: unknown) => void
  #rejectOpened!: (error: unknown) => void

  constructor() {
    this.#opened = new Promise((resolve, reject) => {
      this.#open = resolve
      this.#rejectOpened = reject
    })
    this.answer = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
    // A failure that nobody waits for is nobody's unhandled rejection.
    this.#opened.catch(() => {})
    this.answer.catch(() => {})
  }

  /** Fires when every follower has left before the end. */
  get left(): AbortSignal {
    return this.#left.signal
  }

  push(part: Part): void {
    if (this.done) return
    this.parts.push(part)
    this.#open()
    this.#notify()
  }

  /** Ends it with its answer; later ends change nothing. */
  complete(answer: Answer): void {
    if (this.done) return
    this.done = true
    this.#resolve(answer)
    this.#open()
    this.#notify()
  }

  /** Ends it with an error, which followers get after the parts that came before it. */
  fail(error: unknown): void {
    if (this.done) return
    this.done = true
    this.#failure = { error }
    this.#reject(error)
    this.#rejectOpened(error)
    this.#notify()
  }

  /** Waits for the answer as one more follower; rejects with the signal's reason when it fires. */
  async wait(signal?: AbortSignal): Promise<Answer> {
    return this.#attend(this.answer, signal, () => this.#leave())
  }

  /**
   * The parts as one more follower, once there is something to read; those of an answer that came in one piece are made by
   * `partsOf`. @throws what it failed with before its first part, the signal's reason
   */
  async follow(
    partsOf: (answer: Answer) => readonly Part[],
    signal?: AbortSignal,
  ): Promise<ReadableStream<Part>> {
    const { whole, parts } = await this.read(signal)
    if (parts !== undefined) return parts
    if (this.parts.length === 0) this.parts.push(...partsOf(whole))
    return this.#stream(signal)
  }

  /**
   * As one more follower, once there is something to read: the answer where it came in one piece, else its parts.
   * @throws what it failed with before its first part, the signal's reason
   */
  async read(
    signal?: AbortSignal,
  ): Promise<
    | { readonly whole: Answer; readonly parts?: undefined }
    | { readonly whole?: undefined; readonly parts: ReadableStream<Part> }
  > {
    await this.#attend(this.#opened, signal, (joined) => {
      if (!joined) this.#leave()
    })
    if (this.done && this.parts.length === 0) return { whole: await this.answer }
    return { parts: this.#stream(signal) }
  }

  async #attend<T>(
    awaited: Promise<T>,
    signal: AbortSignal | undefined,
    over: (joined: boolean) => void,
  ): Promise<T> {
    this.#followers += 1
    let joined = false
    let abort = (): void => {}
    try {
      const aborted = new Promise<never>((_, reject) => {
        abort = () => reject(signal?.reason as Error)
        if (signal?.aborted === true) abort()
        signal?.addEventListener('abort', abort, { once: true })
      })
      const value = await Promise.race([awaited, aborted])
      joined = true
      return value
    } finally {
      signal?.removeEventListener('abort', abort)
      over(joined)
    }
  }

  #stream(signal: AbortSignal | undefined): ReadableStream<Part> {
    let index = 0
    let open = true
    let abort = (): void => {}
    const close = (): void => {
      open = false
      signal?.removeEventListener('abort', abort)
      this.#leave()
    }
    return new ReadableStream<Part>(
      {
        start: (controller) => {
          abort = () => {
            if (!open) return
            close()
            controller.error(signal?.reason)
          }
          if (signal?.aborted === true) abort()
          else signal?.addEventListener('abort', abort, { once: true })
        },
        pull: async (controller) => {
          while (open && index >= this.parts.length && !this.done) {
            await new Promise<void>((resolve) => this.#wake.push(resolve))
          }
          if (!open) return
          if (index < this.parts.length) {
            controller.enqueue(this.parts[index] as Part)
            index += 1
            return
          }
          close()
          if (this.#failure === undefined) controller.close()
          else controller.error(this.#failure.error)
        },
        cancel: () => {
          if (open) close()
        },
      },
      // Nothing is read ahead of who reads.
      { highWaterMark: 0 },
    )
  }

  #leave(): void {
    this.#followers -= 1
    if (this.#followers > 0 || this.done) return
    this.#left.abort(new DOMException('every client has left this call', 'AbortError'))
  }

  #notify(): void {
    const waiting = this.#wake
    this.#wake = []
    for (const resolve of waiting) resolve()
  }
}
