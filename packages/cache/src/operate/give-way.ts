/** Lets reads, timers and signals come first: an embedded database answers without leaving this turn of the event loop. */
export async function giveWay(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
}
