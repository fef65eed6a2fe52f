import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, open, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { cleanUp, FOLDER_VARIABLE } from './clean-up.js'

// Runs as a process of its own, in a session of its own, and outlives whoever asked for the node: when the pipe
// from there closes, for whatever reason, it kills the node and removes its folder. No other process can after a `kill -9`.
//
// Standard input: the order as one line of JSON; then possibly the line `stay`, after which the end of the pipe means
// nothing any more, and only the word `stop` on the socket ends the node.
// Standard output, one JSON object a line: `{groups}` when all is started, `{exited}` when the server ended by itself,
// `{staying}`, `{failed}`.

/**
 * @typedef {object} KeeperOrder
 * @property {string} folder made by the keeper, so that it is removed whatever happens; must not exist
 * @property {{ name: string, content: string }[]} files to write into the folder, readable only by this user
 * @property {{ command: string, args: string[] }[]} programs to start; the last one is the server
 * @property {Record<string, string>} environment of the programs
 * @property {string} output the file, in the folder, that takes what they print
 * @property {string} socket the socket, in the folder, that listens for `stop`
 */

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]()
/** @type {Promise<void>} */
const signalled = new Promise((resolve) => {
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => resolve())
})
let ending = false
// Whoever reads may be gone.
process.stdout.on('error', () => {})

const order = await lines.next()
if (!order.done) await keep(JSON.parse(order.value))
process.exit(0)

/** @param {KeeperOrder} order */
async function keep(order) {
  try {
    await mkdir(order.folder, { mode: 0o700 })
  } catch (error) {
    // What is there is not ours to remove.
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
 * @param {number[]} groups takes the process groups that were started
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
 * @returns {Promise<{ ended: Promise<string> }>} how the server ended, once it does
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
 * @returns {Promise<{ stopped: Promise<void> }>} settled when a client sends `stop`; their connection stays open until all is gone
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
