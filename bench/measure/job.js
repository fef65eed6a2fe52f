import { once } from 'node:events'

/** The job that `startChild` sends to this program, over the channel between them because it contains a password. */
export async function readJob() {
  const [job] = await once(process, 'message')
  return job
}

/**
 * Sends the answer to `inChild`, and lets the program end.
 *
 * @param {object} figures
 */
export function answer(figures) {
  process.send?.(figures)
  process.disconnect()
}
