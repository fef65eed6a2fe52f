import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

const CLI = fileURLToPath(new URL('../../../dist/cli/main.js', import.meta.url))

/**
 * A process of warren.
 *
 * @typedef {{ child: import('node:child_process').ChildProcess, url: string, errors: string, memory: number[] }} Replica
 */

/**
 * @param {string} folder the working directory
 * @param {Record<string, string>} environment
 * @param {readonly string[]} options
 * @returns {Replica}
 */
export function warren(folder, environment, ...options) {
  const child = spawn(process.execPath, [CLI, ...options], { cwd: folder, env: { ...process.env, ...environment } })
  const replica = { child, url: '', errors: '', memory: [] }
  child.stderr.on('data', (chunk) => {
    replica.errors += chunk
    replica.url ||= /Serves (\S+)\/metrics/.exec(replica.errors)?.[1] ?? ''
  })
  child.stdout.resume()
  return replica
}

/** @param {Replica} replica @param {string} name @returns {Promise<number>} NaN if the replica does not serve it */
export async function metric({ url }, name) {
  if (url === '') return Number.NaN
  const text = await fetch(`${url}/metrics`).then(
    (answer) => answer.text(),
    () => '',
  )
  return Number(new RegExp(`^${name}\\{[^}]*\\} (\\S+)$`, 'm').exec(text)?.[1])
}

/** Remembers the memory of a replica, in megabytes. @param {Replica} replica */
export async function sampleMemory({ child, memory }) {
  const text = await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => '')
  const kilobytes = Number(/VmRSS:\s+(\d+)/.exec(text)?.[1])
  if (kilobytes > 0) memory.push(kilobytes / 1_024)
}

/** How much processor time a replica has used, in seconds. @param {Replica} replica */
export async function processorTime({ child }) {
  const text = await readFile(`/proc/${child.pid}/stat`, 'utf8').catch(() => '')
  const [user = 0, system = 0] = text.split(') ')[1]?.split(' ').slice(11, 13).map(Number) ?? []
  return (user + system) / 100
}

/**
 * By how many megabytes the memory of a replica has grown: the mean of its last quarter against that of its second one,
 * because the first one warms up.
 *
 * @param {Replica} replica
 */
export function growthOf({ memory }) {
  const quarter = Math.floor(memory.length / 4)
  const mean = (/** @type {number[]} */ values) => values.reduce((sum, each) => sum + each, 0) / values.length
  return mean(memory.slice(-quarter)) - mean(memory.slice(quarter, 2 * quarter))
}
