/** How many values data may hold, one that is reachable on several paths counted for each, to be looked through. */
const MOST_VALUES = 100_000

/**
 * Whether data is small enough to be looked through at once. A list with a large length, or tables that hold one another
 * many times over, would keep the process busy for minutes.
 */
export function isSmallEnough(data: unknown): boolean {
  let left = MOST_VALUES
  const waiting: unknown[] = [data]
  for (let value = waiting.pop(); value !== undefined; value = waiting.pop()) {
    if (typeof value !== 'object' || value === null) continue
    const size = Array.isArray(value) ? value.length : value instanceof Map ? value.size : Object.keys(value).length
    left -= size
    if (left < 0) return false
    for (const each of value instanceof Map ? value.values() : Object.values(value)) {
      if (each !== undefined) waiting.push(each)
    }
  }
  return true
}
