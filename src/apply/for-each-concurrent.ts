/**
 * Runs a task for each item, in order, with a limited number at a time.
 *
 * @param limit the maximum number of concurrent tasks
 */
export async function forEachConcurrent<T>(
  items: readonly T[],
  limit: number,
  task: (item: T) => Promise<void>,
): Promise<void> {
  const rest = items.values()
  const worker = async () => {
    for (const item of rest) {
      // Each worker handles one item after the other.
      await task(item)
    }
  }
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker))
}
