import { countersOf, marksOf } from './engine.js';
import { freshness } from './entry.js';
import { RepriseError, quote } from './errors.js';
import { publish } from './events.js';
import { keepLoaded } from './keep-loaded.js';
import { createContext } from './load-context.js';
import { handOut } from './value.js';
/** Runs the loader of a flight under its limits, and gives the flight its answer. Never rejects. */
export async function callLoader(engine, flight, { request, lease }) {
    const { space, key, reason } = request;
    const { softLimit, hardLimit } = space.settings;
    const counters = countersOf(engine, space);
    if (flight.controller.signal.aborted) {
        flight.fail(flight.controller.signal.reason);
        if (lease !== undefined)
            await release(engine, { request, lease }, undefined);
        return lease?.end();
    }
    const previous = livingFallback(engine, flight, request);
    const { context, said } = createContext({
        key,
        signal: flight.controller.signal,
        previous: previous === undefined ? undefined : handOut(space, previous.value),
    });
    flight.asOf ??= engine.order.latest();
    flight.ticket.asOf = flight.asOf;
    const startedAt = engine.clock.now();
    counters.loads += 1;
    publish('load-started', { space: space.name, key, reason, previous: previous !== undefined });
    const limits = new AbortController();
    const limit = (delay, callback) => {
        if (delay === Infinity)
            return;
        const timer = engine.clock.setTimeout(callback, delay);
        limits.signal.addEventListener('abort', () => timer.cancel(), { once: true });
    };
    const cutOff = new Promise((_, reject) => {
        limit(hardLimit, () => {
            const error = new RepriseError('E_LOADER_TIMEOUT', `the loader of "${key}" took longer than its hard limit of ${hardLimit} ms`);
            publish('load-aborted', { space: space.name, key, reason: 'hard-limit' });
            reject(error);
            flight.controller.abort(error);
        });
        // An abandoned or closed load ends at once, even if its loader does not listen to the signal.
        flight.controller.signal.addEventListener('abort', () => reject(flight.controller.signal.reason), { once: true });
    });
    limit(softLimit, () => {
        const stale = flight.answered ? undefined : staleAnswer(engine, flight, request);
        if (stale === undefined)
            return;
        publish('soft-limit-passed', { space: space.name, key });
        flight.keepAlive = true;
        flight.serve(stale);
    });
    try {
        const loaded = await Promise.race([invoke(request.run, context), cutOff]);
        const milliseconds = engine.clock.now() - startedAt;
        await keepLoaded(engine, flight, { request, said, loaded, previous, loadTime: milliseconds, lease });
        counters.loadTime += milliseconds;
    }
    catch (error) {
        const failure = loadFailed(engine, flight, {
            request,
            error,
            milliseconds: engine.clock.now() - startedAt,
        });
        if (lease !== undefined)
            await release(engine, { request, lease }, failure);
    }
    finally {
        limits.abort();
        lease?.end();
    }
}
async function invoke(loader, context) {
    return loader(context);
}
function loadFailed(engine, flight, failure) {
    const { request, error, milliseconds } = failure;
    const { space, key } = request;
    const aborted = flight.controller.signal.aborted && !RepriseError.is(error, 'E_LOADER_TIMEOUT');
    if (aborted) {
        flight.fail(error);
        return undefined;
    }
    const counters = countersOf(engine, space);
    counters.loadFailures += 1;
    const recorded = flight.ticket.broken ? undefined : engine.failures.record(space, key, error);
    publish('loader-failed', { space: space.name, key, error, milliseconds, attempts: recorded?.attempts ?? 1 });
    const wrap = () => RepriseError.is(error)
        ? error
        : new RepriseError('E_LOADER_FAILED', `the loader of "${key}" failed: ${reasonOf(error)}`, {
            cause: error,
        });
    serveOr(engine, flight, { target: request, error: wrap });
    return recorded;
}
/** Gives the lease back after a load that made nothing, with its failure where other processes should know it. */
async function release(engine, { request, lease }, failure) {
    const { shared } = engine.cluster;
    const key = { key: request.key, format: request.space.settings.format };
    const told = failure === undefined || failure.until <= engine.clock.now()
        ? undefined
        : {
            message: reasonOf(failure.error),
            attempts: failure.attempts,
            wait: failure.until - engine.clock.now(),
        };
    try {
        await shared.release(key, lease.token, told);
    }
    catch (error) {
        publish('tier-failed', { tier: shared.name, operation: 'write', error });
    }
}
/** The value that may be served instead of a new one: not invalidated, and within its windows now. */
export function livingFallback(engine, flight, target) {
    const { fallback } = flight;
    if (fallback === undefined || flight.ticket.broken)
        return undefined;
    if (freshness(fallback.freshUntil, engine.clock.now(), target.space.settings) === 'dead')
        return undefined;
    const marks = marksOf(target.space, target.params, fallback.tags);
    return engine.order.deadBy(fallback.asOf, marks) === undefined ? fallback : undefined;
}
/** The fallback as an answer, where there is one. */
export function staleAnswer(engine, flight, target) {
    const entry = livingFallback(engine, flight, target);
    return entry === undefined ? undefined : { value: entry.value, entry, outcome: 'stale', tier: 'memory' };
}
/** Answers with the fallback where there is one, else with an error. */
export function serveOr(engine, flight, options) {
    const stale = staleAnswer(engine, flight, options.target);
    if (stale === undefined)
        flight.fail(options.error());
    else
        flight.settle(stale);
}
/** An error as a message tells it. */
export function reasonOf(error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : quote(error);
}
//# sourceMappingURL=call-loader.js.map