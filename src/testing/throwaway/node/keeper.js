import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, open, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { cleanUp, FOLDER_VARIABLE } from './clean-up.js'

// Runs as a separate process in its own session, and outlives the process that started it: when the pipe from there
// closes for any reason, it kills the node and removes its folder. No other process can do this after a `kill -9`.
//
// Standard input: the order as one line of JSON, possibly followed by the line `stay`. After `stay`, the end of the
// pipe has no effect, and only the word `stop` on the socket ends the node. Standard output, one JSON object on each
// line: `{groups}` when everything is started, `{exited}` when the server ended by itself, `{staying}`, `{failed}`.

/**
 * @typedef {object} KeeperOrder
 * @property {string} folder made by the keeper, so that it is removed whatever happens; must not exist
 * @property {{ name: string, content: string }[]} files to write into the folder, readable only by this user
 * @property {{ command: string, args: string[] }[]} programs to start; the last one is the server
 * @property {Record<string, string>} environment of the programs
 * @property {string} output the file in the folder for the output of the programs
 * @property {string} socket the socket, in the folder, that listens for `stop`
 */

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]()
/** @type {Promise<void>} */
const signalled = new Promise((resolve) => {
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => resolve())
})
let ending = false
// The reading process may have ended.
process.stdout.on('error', () => {})

const order = await lines.next()
if (!order.done) await keep(JSON.parse(order.value))
process.exit(0)

/** @param {KeeperOrder} order */
async function keep(order) {
  try {
    await mkdir(order.folder, { mode: 0o700 })
  } catch (error) {
    // An existing folder does not belong to this node, so it is not removed.
    report({ failed: String(error) })
    return
  }
  /** @type {number[]} */
  const groups = []
  try {
    await Promise.race([signalled, startAndWait(order, groups)])
  } catch (error) {
    report({ failed: String(error) })
  }
  ending = true
  await cleanUp(order.folder, groups)
}

/**
 * @param {KeeperOrder} order
 * @param {number[]} groups receives the process groups that were started
 */
async function startAndWait(order, groups) {
  const { ended } = await start(order, groups)
  const { stopped } = await listenForStop(order.socket)
  report({ groups })
  void ended.then((exit) => report({ exited: exit }))
  await Promise.race([stopped, askerLeft(ended)])
}

/** @param {Promise<string>} ended */
async function askerLeft(ended) {
  const word = await lines.next()
  if (word.done) return
  report({ staying: true })
  await ended
}

/**
 * @param {KeeperOrder} order
 * @param {number[]} groups
 * @returns resolves when the server ends, with the reason
 */
async function start(order, groups) {
  for (const { name, content } of order.files) await writeFile(join(order.folder, name), content, { mode: 0o600 })
  const output = await open(order.output, 'a', 0o600)
  if (ending) throw new Error('asked to end while starting')
  const environment = { ...order.environment, [FOLDER_VARIABLE]: order.folder }
  const children = order.programs.map(({ command, args }) => {
    const child = spawn(command, args, {
      cwd: order.folder,
      env: environment,
      stdio: ['ignore', output.fd, output.fd],
      detached: true,
    })
    if (child.pid !== undefined) groups.push(child.pid)
    /** @type {Promise<string>} */
    const exit = new Promise((resolve) => {
      child.on('error', (error) => resolve(error.message))
      child.on('exit', (code, signal) => resolve(signal ?? `exit code ${code}`))
    })
    return exit
  })
  await output.close()
  return { ended: children.at(-1) ?? Promise.resolve('nothing to start') }
}

/**
 * @param {string} path
 * @returns settled when a client sends `stop`; its connection stays open until everything is removed
 */
async function listenForStop(path) {
  const server = createServer()
  /** @type {Promise<void>} */
  const stopped = new Promise((resolve) => {
    server.on('connection', (socket) => {
      socket.on('error', () => {})
      socket.on('data', (data) => {
        if (data.toString().includes('stop')) resolve()
      })
    })
  })
  server.listen(path)
  await once(server, 'listening')
  return { stopped }
}

/** @param {object} message */
function report(message) {
  process.stdout.write(JSON.stringify(message) + '\n')
}
