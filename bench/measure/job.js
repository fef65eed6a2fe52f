import { once } from 'node:events'

/** What the program is told by `startChild`: over the channel between them, since it holds a password. */
export async function readJob() {
  const [job] = await once(process, 'message')
  return job
}

/**
 * Answers `inChild`, and lets the program end.
 *
 * @param {object} figures
 */
export function answer(figures) {
  process.send?.(figures)
  process.disconnect()
}
