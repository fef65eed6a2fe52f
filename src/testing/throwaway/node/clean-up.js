import { readFileSync, readdirSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'

// Plain JavaScript, since keeper.js has to run straight from the sources as well as from dist.

/**
 * The environment variable that every process of a private node carries, with the node's folder as its value.
 * By it they are found whatever process group they moved to: Erlang's helper programs leave theirs.
 */
export const FOLDER_VARIABLE = 'WARREN_BROKER_FOLDER'

/** How long killed processes may take to be gone, in milliseconds. */
const PATIENCE = 20_000

/**
 * Kills all that runs for a private node and removes its folder. A process or folder that is already gone is not an error.
 *
 * @param {string} folder the node's folder
 * @param {readonly number[]} groups the process groups that were started for it
 * @returns {Promise<void>}
 */
export async function cleanUp(folder, groups = []) {
  const deadline = Date.now() + PATIENCE
  for (;;) {
    const groupsAlive = groups.filter((group) => kill(-group))
    // A killed process that is not reaped keeps its group alive, so the processes themselves decide where they can be seen.
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
 * @returns {number[]} the processes that carry the folder in their environment, the calling one excepted
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
    // It ended, or belongs to another user, and then it is not ours.
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
