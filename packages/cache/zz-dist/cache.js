import { cleanup, clear } from './cleanup.js';
import { closeEngine } from './close.js';
import { createEngine } from './create-engine.js';
import { assertOpen } from './engine.js';
import { explain } from './explain.js';
import { listEntries, reportTiers } from './inventory.js';
import { invalidate } from './invalidate.js';
import { openSpace } from './open.js';
import { readStats } from './stats.js';
import { startSweeper } from './sweeper.js';
import { warm } from './warm.js';
/**
 * Opens a cache over its tiers; resolves when they and the log can be used.
 * @throws E_LOG_MISSING, E_OPTION_INVALID, and what a tier's `open` throws
 */
export async function createCache(options) {
    const started = await createEngine(options);
    const { engine } = started;
    const { catalog } = engine;
    const handles = new Map();
    const sweeper = startSweeper(engine, options.sweepEvery ?? 30_000);
    function open(space) {
        const bound = catalog.find(space.name);
        let handle = handles.get(bound.name);
        if (handle === undefined)
            handles.set(bound.name, (handle = openSpace(engine, bound)));
        return handle;
    }
    return {
        catalog,
        open: open,
        async invalidate(target) {
            const report = await invalidate(engine, target);
            if (engine.tiers.length > 0 && report.position.n > 0)
                sweeper.removeDead();
            return report;
        },
        warm: async (jobs, warmOptions = {}) => warm(jobs, { ...warmOptions, now: () => engine.clock.now() }),
        stats: () => readStats(engine),
        async explain(space, params) {
            assertOpen(engine);
            const bound = catalog.find(space.name);
            return explain(engine, { space: bound, key: bound.keys.build(params), params });
        },
        entries: async (page = {}) => listEntries(engine, page),
        tiers: async () => reportTiers(engine),
        cleanup: async (cleaning) => cleanup(engine, cleaning),
        clear: async () => clear(engine),
        close: async ({ timeout = 5_000 } = {}) => {
            sweeper.stop();
            await closeEngine(started, timeout);
        },
    };
}
//# sourceMappingURL=cache.js.map