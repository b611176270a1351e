/** Gives numbers from 0 to below 1. */
export type Random = () => number;

/**
 * A generator whose numbers follow from its seed: the same seed, the same simulation. It is Mulberry32, of 32 bits of
 * state, which passes the tests of its kind that matter for choices among few.
 * Source: Tommy Ettinger, "Mulberry32", 2017, in the public domain.
 */
export function randomFrom(seed: number): Random {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
