import { readdirSync, readFileSync } from 'node:fs'

/**
 * The processes of a private node, whose command lines contain its folder. There are none for a broker in a
 * container, on another machine, or on a system other than Linux.
 *
 * @param {{ readonly origin: string, readonly folder?: string }} broker
 * @returns {number[]}
 */
export function brokerProcesses({ folder }) {
  if (folder === undefined || process.platform !== 'linux') return []
  return readdirSync('/proc')
    .filter((name) => /^[0-9]+$/.test(name) && commandLine(name).includes(folder))
    .filter((id) => commandLine(id).split('\0')[0]?.endsWith('beam.smp'))
    .map(Number)
}

/** @param {string} id */
function commandLine(id) {
  try {
    return readFileSync(`/proc/${id}/cmdline`, 'utf8')
  } catch {
    return ''
  }
}
