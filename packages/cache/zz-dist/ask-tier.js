import { within } from './deadline.js';
import { RepriseError } from './errors.js';
/** Asks a tier outside of reads and writes of entries, for at most its deadline. @throws E_TIER_READ when it fails or hangs */
export async function askTier(engine, tier, question) {
    const { name, readDeadline } = tier;
    const late = () => new RepriseError('E_TIER_READ', `tier "${name}" did not answer within ${readDeadline} ms`);
    try {
        return await within(engine.clock, question(), { deadline: readDeadline, late });
    }
    catch (cause) {
        if (RepriseError.is(cause, 'E_TIER_READ'))
            throw cause;
        throw new RepriseError('E_TIER_READ', `tier "${name}" could not be asked: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    }
}
//# sourceMappingURL=ask-tier.js.map