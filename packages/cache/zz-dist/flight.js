/** One load in progress. */
export class Flight {
    key;
    ticket;
    marks;
    startedAt;
    forced;
    controller = new AbortController();
    /** The value to serve when loading fails or is slow. */
    fallback;
    /** The position of the log when the loader was called. */
    asOf;
    callers = 0;
    answered = false;
    /** Whether it goes on without callers. */
    keepAlive = false;
    #onAbandon;
    #answer;
    #loaded;
    #answerNow;
    #resolve;
    #reject;
    constructor(options) {
        this.key = options.ticket.key;
        this.ticket = options.ticket;
        this.marks = options.marks;
        this.startedAt = options.startedAt;
        this.forced = options.forced;
        this.fallback = options.fallback;
        this.#onAbandon = options.onAbandon;
        this.#answer = new Promise((resolve) => {
            this.#answerNow = resolve;
        });
        this.#loaded = new Promise((resolve, reject) => {
            this.#resolve = resolve;
            this.#reject = reject;
        });
        // A failure that nobody waits for is told by its event, not by an unhandled rejection.
        this.#answer.catch(() => { });
        this.#loaded.catch(() => { });
    }
    /** Gives those who wait a stale value; the load goes on, and who comes later waits for its end. */
    serve(answer) {
        this.answered = true;
        this.#answerNow(answer);
    }
    /** Ends the flight with an answer; later ones change nothing. */
    settle(answer) {
        this.answered = true;
        this.#resolve(answer);
        this.#answerNow(answer);
    }
    /** Ends the flight with an error; later ones change nothing. */
    fail(error) {
        this.answered = true;
        this.#reject(error);
        this.#answerNow(this.#loaded);
    }
    /** Waits for the answer as one more caller; rejects with the signal's reason when it fires. */
    join(signal) {
        if (signal?.aborted === true)
            return Promise.reject(signal.reason);
        // A stale value that was served to others may be invalidated or over by now.
        const awaited = this.answered ? this.#loaded : this.#answer;
        this.callers += 1;
        if (signal === undefined)
            return awaited;
        return new Promise((resolve, reject) => {
            const leave = () => {
                this.callers -= 1;
                reject(signal.reason);
                if (this.callers === 0 && !this.answered && !this.keepAlive)
                    this.#onAbandon();
            };
            signal.addEventListener('abort', leave, { once: true });
            const stay = () => signal.removeEventListener('abort', leave);
            awaited.then((answer) => {
                stay();
                resolve(answer);
            }, (error) => {
                stay();
                reject(error);
            });
        });
    }
}
//# sourceMappingURL=flight.js.map