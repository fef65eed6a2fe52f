import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const PROGRAM = fileURLToPath(new URL('../clients/guide.py', import.meta.url))

/**
 * Lets the guide's Python code do a piece of work.
 *
 * @param {object} job
 * @returns {Promise<import('../report/row.js').Sample>}
 */
export function measureGuide(job) {
  return new Promise((resolve, reject) => {
    // Debian's pika belongs to Debian's Python.
    const child = execFile('/usr/bin/python3', [PROGRAM], (error, stdout) =>
      error ? reject(error) : resolve(JSON.parse(stdout)),
    )
    child.stdin?.end(JSON.stringify(job))
  })
}
