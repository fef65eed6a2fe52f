/** The situation of one of the workers that share the partitions of a super stream. */
export interface Standing {
  readonly partitions: number
  /** All running workers, including this one. */
  readonly workers: number
  /** How many partitions this one has. */
  readonly held: number
  /** Whether another worker has fewer than its fair share. */
  readonly isOtherWaiting: boolean
}

/** The number of partitions that each worker may claim: at least one, even if there are not enough for all. */
export function fairShare({ partitions, workers }: Pick<Standing, 'partitions' | 'workers'>): number {
  return Math.max(1, Math.floor(partitions / Math.max(1, workers)))
}

/**
 * The number of partitions that the worker should have. Partitions that remain after each worker has its share go to
 * workers that are quick, as long as no other worker waits. While one waits, workers with more than their share give
 * some up, so that the shares differ by at most one in the end.
 */
export function wantedPartitions(standing: Standing): number {
  const { partitions, workers, held, isOtherWaiting } = standing
  const fair = fairShare(standing)
  const most = Math.max(1, Math.ceil(partitions / Math.max(1, workers)))
  if (held < fair) return fair
  if (!isOtherWaiting) return Math.max(held, most)
  return Math.max(fair, Math.min(held - 1, most))
}
