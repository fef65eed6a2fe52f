import { readFileSync, readdirSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'

// Plain JavaScript, because keeper.js has to run directly from the sources as well as from dist.

/**
 * The environment variable of every process of a private node, with the node's folder as its value. It identifies the
 * processes in any process group, because Erlang's helper programs leave their group.
 */
export const FOLDER_VARIABLE = 'WARREN_BROKER_FOLDER'

/** How long killed processes may take to disappear, in milliseconds. */
const PATIENCE = 20_000

/**
 * Kills all processes of a private node and removes its folder. A process or folder that is already gone is not an
 * error.
 *
 * @param {string} folder the node's folder
 * @param {readonly number[]} groups the process groups that were started for it
 * @returns {Promise<void>}
 */
export async function cleanUp(folder, groups = []) {
  const deadline = Date.now() + PATIENCE
  for (;;) {
    const groupsAlive = groups.filter((group) => kill(-group))
    // A killed process that is not reaped keeps its group alive, so on Linux the processes themselves are checked.
    const alive = process.platform === 'linux' ? processesOf(folder) : groupsAlive
    if (alive.length === 0) break
    for (const pid of alive) kill(pid)
    if (Date.now() > deadline) throw new Error(`The broker in ${folder} cannot be killed: process ${alive.join(', ')}`)
    await delay(20)
  }
  await rm(folder, { recursive: true, force: true, maxRetries: 10 })
}

/**
 * @param {string} folder
 * @returns {number[]} the processes with this folder in their environment, except for the calling one
 */
function processesOf(folder) {
  const marker = Buffer.from(`${FOLDER_VARIABLE}=${folder}\0`)
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => environmentOf(pid).includes(marker))
    .map(Number)
}

/** @param {string} pid */
function environmentOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/environ`)
  } catch {
    // The process has ended, or belongs to another user and is not part of the node.
    return Buffer.alloc(0)
  }
}

/**
 * @param {number} pid a process, or minus a process group
 * @returns {boolean} whether there was something to kill
 */
function kill(pid) {
  try {
    process.kill(pid, 'SIGKILL')
    return true
  } catch {
    return false
  }
}
