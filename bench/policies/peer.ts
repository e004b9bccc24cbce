/** A policy under replay: says whether a key was held, and holds it afterwards as it sees fit. */
export interface Peer {
  /** One request for a key, a number from 0: whether it was a hit. */
  request(key: number): boolean
}

/** Makes a policy for `capacity` entries, given how many distinct keys there are. */
export type MakePeer = (capacity: number, keys: number) => Peer
