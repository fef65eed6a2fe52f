/** The first version of RabbitMQ whose quorum queues delay what is rejected. */
export const NATIVE_RETRY_SINCE = [4, 3, 1] as const

/** Whether a broker of this version delays what is rejected; one that tells no version is believed to. */
export function delaysRejected(version: string): boolean {
  if (version === '') return true
  const parts = version.split(/[.-]/).map(Number)
  for (const [at, since] of NATIVE_RETRY_SINCE.entries()) {
    const part = parts[at] ?? 0
    if (part !== since) return Number.isNaN(part) || part > since
  }
  return true
}
