/** A read in progress, and the one that starts after it. */
interface Reading {
  readonly running: Promise<unknown>
  next?: Promise<unknown>
}

const readings = new WeakMap<object, Map<string, Reading>>()

/**
 * Reads something that several callers need at about the same time. A caller that comes during a read waits for its end,
 * and then shares the next read with all others that have come meanwhile. So each caller gets an answer to a request that
 * was sent after its call, and there is at most one request at a time.
 *
 * @param owner the client that sends the request
 * @param key what is read
 */
export function joinedRead<T>(owner: object, key: string, read: () => Promise<T>): Promise<T> {
  const ofOwner = readings.get(owner) ?? new Map<string, Reading>()
  readings.set(owner, ofOwner)
  const start = (): Promise<T> => {
    const reading: Reading = { running: read() }
    ofOwner.set(key, reading)
    const end = (): void => {
      if (reading.next === undefined) ofOwner.delete(key)
    }
    reading.running.then(end, end)
    return reading.running as Promise<T>
  }
  const reading = ofOwner.get(key)
  if (reading === undefined) return start()
  reading.next ??= reading.running.then(start, start)
  return reading.next as Promise<T>
}
