import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/**
 * Runs a program of the bench in a separate process, so that its memory and CPU are measured alone.
 *
 * @param {string} program in `bench/`, such as `pure/measure.js`
 * @param {object} job the input of the program
 * @returns {Promise<any>} its answer
 */
export function inChild(program, job) {
  return startChild(program, job).answer()
}

/**
 * Starts such a program without waiting for its end.
 *
 * @param {string} program
 * @param {object} job
 */
export function startChild(program, job) {
  const child = fork(fileURLToPath(new URL(`../${program}`, import.meta.url)))
  const ended = once(child, 'exit')
  child.send(job)
  const failed = ended.then(([code]) => Promise.reject(new Error(`${program} ended with ${code} without an answer`)))
  failed.catch(() => undefined)
  return {
    /** The next answer of the program. */
    answer: async () => {
      const [message] = await Promise.race([once(child, 'message'), failed])
      return message
    },
    /** @param {object} message */
    tell: (message) => child.send(message),
    ended,
  }
}
