import { channel } from 'node:diagnostics_channel';
const names = [
    'entry-read',
    'entry-copied-up',
    'entry-stored',
    'entry-refused',
    'entry-evicted',
    'entry-unreadable',
    'load-started',
    'load-finished',
    'loader-failed',
    'load-aborted',
    'load-detached',
    'lease-waited',
    'lease-lost',
    'load-held-back',
    'soft-limit-passed',
    'invalidated',
    'tier-failed',
    'log-rejoined',
    'entries-expired',
];
const channels = Object.fromEntries(names.map((name) => [name, channel(`reprise:${name}`)]));
/** Whether anybody listens; nothing is built for an event that nobody listens to. */
export function heard(name) {
    return channels[name].hasSubscribers;
}
/** Publishes an event to its listeners. */
export function publish(name, event) {
    if (channels[name].hasSubscribers)
        channels[name].publish(event);
}
/** Listens to one event of every cache in the process; returns what stops it. A listener that throws causes a process warning and nothing else. */
export function onEvent(name, listener) {
    const receive = (event) => {
        try {
            listener(event);
        }
        catch (error) {
            // A diagnostics channel would end the process.
            process.emitWarning(`a listener of the event "${name}" threw: ${error instanceof Error ? error.message : String(error)}`);
        }
    };
    channels[name].subscribe(receive);
    return () => {
        channels[name].unsubscribe(receive);
    };
}
/** Listens to every event; returns what stops it. */
export function onEveryEvent(listener) {
    const stops = names.map((name) => onEvent(name, (event) => listener(name, event)));
    return () => stops.forEach((stop) => stop());
}
//# sourceMappingURL=events.js.map