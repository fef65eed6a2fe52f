import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/**
 * Runs a program of the bench in a process of its own, so that its memory and CPU are its own.
 *
 * @param {string} program in `bench/`, such as `pure/measure.js`
 * @param {object} job what the program is told
 * @returns {Promise<any>} what it answers
 */
export function inChild(program, job) {
  return startChild(program, job).answer()
}

/**
 * Starts such a program without waiting for it.
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
    /** The next thing that it says. */
    answer: async () => {
      const [message] = await Promise.race([once(child, 'message'), failed])
      return message
    },
    /** @param {object} message */
    tell: (message) => child.send(message),
    ended,
  }
}
