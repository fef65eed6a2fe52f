import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const PROGRAM = fileURLToPath(new URL('../clients/guide.py', import.meta.url))

/**
 * Measures a task of the guide's Python code.
 *
 * @param {object} job
 * @returns {Promise<import('../report/row.js').Sample>}
 */
export function measureGuide(job) {
  return new Promise((resolve, reject) => {
    // Debian's pika only works with Debian's Python.
    const child = execFile('/usr/bin/python3', [PROGRAM], (error, stdout) =>
      error ? reject(error) : resolve(JSON.parse(stdout)),
    )
    child.stdin?.end(JSON.stringify(job))
  })
}
