/** @param {readonly number[]} numbers of which there is one at least */
export function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  const [low = 0, high = 0] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]]
  return (low + high) / 2
}

/**
 * The value below which a part of the numbers lies.
 *
 * @param {readonly number[]} sorted in ascending order, one at least
 * @param {number} part from 0 to 1
 */
export function percentile(sorted, part) {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN
}
