import { vi } from 'vitest'
import { countBlocks } from './count-blocks.ts'
import { countSearches } from './count-searches.ts'

/** More than linear work grows when its input is eight times as long, sorting included, and much less than quadratic work. */
export const LINEAR = 12

/** Loads a module whose work can be counted: of what was loaded before, nothing is. */
export function countable<T>(load: () => Promise<T>): Promise<T> {
  countBlocks.begin()
  vi.resetModules()
  return load()
}

/**
 * How many times as many steps some work takes when its input is eight times as long: 8 for work that is linear, 64 for work
 * that is quadratic. Steps are counted, since how long they take depends on what else the machine has to do.
 */
export function growthOf(work: (size: number) => void, size: number): number {
  // What is worked out once, and kept, is not counted.
  work(1)
  return stepsOf(() => work(size * 8)) / stepsOf(() => work(size))
}

function stepsOf(work: () => void): number {
  countBlocks.take()
  const searched = countSearches(work)
  return searched + countBlocks.take()
}
