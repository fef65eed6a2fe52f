import { readFileSync } from 'node:fs'
import { performance } from 'node:perf_hooks'

/** Linux counts the CPU time of processes in hundredths of a second (getconf CLK_TCK). */
const TICKS_PER_SECOND = 100

/**
 * Starts the clocks. The returned function stops them.
 *
 * @param {readonly number[]} brokerProcesses whose CPU time is counted separately; none if the broker is not on this machine
 * @returns {() => Times}
 *
 * @typedef {object} Times
 * @property {number} seconds
 * @property {number} cpu seconds of this process and of its child processes that have ended
 * @property {number} [brokerCpu] seconds
 */
export function startClocks(brokerProcesses = []) {
  const broker = cpuOf(brokerProcesses)
  const children = childrenCpu()
  const own = process.cpuUsage()
  const since = performance.now()
  return () => {
    const seconds = (performance.now() - since) / 1000
    const { user, system } = process.cpuUsage(own)
    return {
      seconds,
      cpu: (user + system) / 1e6 + childrenCpu() - children,
      ...(brokerProcesses.length > 0 && { brokerCpu: cpuOf(brokerProcesses) - broker }),
    }
  }
}

/** @param {readonly number[]} processes */
function cpuOf(processes) {
  return processes.reduce((sum, id) => sum + ticks(id, 11, 12), 0) / TICKS_PER_SECOND
}

function childrenCpu() {
  return process.platform === 'linux' ? ticks('self', 13, 14) / TICKS_PER_SECOND : 0
}

/**
 * Fields of `/proc/ID/stat` after the name of the program, which may contain any characters (proc(5)).
 *
 * @param {number | 'self'} id
 * @param {...number} fields
 */
function ticks(id, ...fields) {
  const text = readFileSync(`/proc/${id}/stat`, 'utf8')
  const values = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return fields.reduce((sum, field) => sum + Number(values[field]), 0)
}
