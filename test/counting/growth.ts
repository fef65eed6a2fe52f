import { vi } from 'vitest'
import { countBlocks } from './count-blocks.ts'
import { countSearches } from './count-searches.ts'

/**
 * The limit for linear work, including sorting, when the input is eight times as long; quadratic work grows much
 * more.
 */
export const LINEAR = 12

/** Loads a module whose work can be counted; modules that were loaded earlier are not counted. */
export function countable<T>(load: () => Promise<T>): Promise<T> {
  countBlocks.begin()
  vi.resetModules()
  return load()
}

/**
 * The factor by which the steps of some work grow when the input is eight times as long: 8 for linear work, 64 for
 * quadratic work. Steps are counted, because the time depends on the other work of the machine.
 */
export function growthOf(work: (size: number) => void, size: number): number {
  // Cached results are not counted.
  work(1)
  return stepsOf(() => work(size * 8)) / stepsOf(() => work(size))
}

function stepsOf(work: () => void): number {
  countBlocks.take()
  const searched = countSearches(work)
  return searched + countBlocks.take()
}
