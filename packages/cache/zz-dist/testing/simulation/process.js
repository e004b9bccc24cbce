import { createCache } from '../../cache.js';
import { defineCatalog } from '../../catalog.js';
import { bounded, defineSpace } from '../../space.js';
import { createLink } from './link.js';
/** How long `bounded` entries of the simulation may be behind, in milliseconds. */
export const bound = 150;
/** A version number, as a schema that is cheap to check. */
const versionNumber = {
    '~standard': {
        version: 1,
        vendor: 'simulation',
        validate: (value) => typeof value === 'number' ? { value } : { issues: [{ message: 'not a number' }] },
    },
};
const declare = (name, consistency) => defineSpace({
    name,
    key: `${name}:{id}`,
    schema: versionNumber,
    ttl: 60_000,
    staleIfError: 60_000,
    consistency: typeof consistency === 'object' ? bounded(consistency.bounded) : consistency,
    backoff: false,
    tags: ({ id }) => [`${name}-${String(id)}`],
});
/** The spaces of the simulation, one for each way to trust memory. */
export const spaces = [
    declare('plain', 'eventual'),
    declare('limited', { bounded: bound }),
    declare('strict', 'strict'),
];
/** Starts a process; rejects while the server cannot be reached. */
export async function startProcess(site, name) {
    const { scheduler, server, weather, random } = site;
    const state = { alive: true };
    // Clocks of processes differ by up to five seconds either way.
    const clock = scheduler.clock(Math.round((random() - 0.5) * 10_000), () => state.alive);
    const link = createLink({
        server,
        scheduler,
        random,
        weather,
        now: clock.now,
        alive: () => state.alive,
        deadline: 60,
    });
    const catalog = defineCatalog({ prefix: 'sim', spaces });
    const cache = await createCache({ catalog, shared: link.shared, lease: 120, clock, random, sweepEvery: 0 });
    return {
        name,
        link,
        cache,
        startedAt: scheduler.now(),
        get alive() {
            return state.alive;
        },
        set alive(to) {
            state.alive = to;
        },
        handle: (space) => cache.open(spaces.find((one) => one.name === space)),
    };
}
//# sourceMappingURL=process.js.map