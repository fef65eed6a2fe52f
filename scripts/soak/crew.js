import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** How long a process may take to begin, in milliseconds. */
const BEGIN = 120_000

/**
 * The processes that publish and consume.
 *
 * @param {{ topology: string, urls: string[], folder: string, inFlight: number }} setup
 */
export async function startCrew({ topology, urls, folder, inFlight }) {
  const producers = []
  const workers = []
  const files = []
  let isStopping = false

  function start(program, setup) {
    const child = fork(fileURLToPath(new URL(`${program}.js`, import.meta.url)), [JSON.stringify(setup)])
    child.on('exit', (code, signal) => {
      if (!isStopping && signal !== 'SIGKILL') throw new Error(`a ${program} ended with ${signal ?? code}`)
    })
    return child
  }

  async function addWorker() {
    const file = join(folder, `worker-${files.length}.log`)
    files.push(file)
    const child = start('worker', { topology, urls, file })
    workers.push(child)
    await Promise.race([once(child, 'message'), new Promise((resolve) => setTimeout(resolve, BEGIN).unref())])
  }

  return {
    async start(producerCount, workerCount) {
      for (let at = 0; at < workerCount; at++) await addWorker()
      for (let at = 0; at < producerCount; at++) {
        const file = join(folder, `producer-${at}.log`)
        producers.push({ file, child: start('producer', { topology, urls, file, producer: at, inFlight }) })
      }
    },
    producers: {
      all: producers,
      tell: (word) => producers.forEach(({ child }) => child.send(word)),
      /** Resolves with the counts of their messages by outcome. */
      async stop() {
        isStopping = true
        return Promise.all(
          producers.map(async ({ child }) => {
            const told = once(child, 'message')
            child.send('stop')
            return (await told)[0]
          }),
        )
      },
    },
    workers: {
      all: workers,
      files,
      /** Kills one, as a machine that runs out of memory does, and starts another. */
      async replace(child) {
        child.kill('SIGKILL')
        workers.splice(workers.indexOf(child), 1)
        await addWorker()
      },
      async stop() {
        isStopping = true
        const ended = workers.map((child) => once(child, 'exit'))
        for (const child of workers) child.kill('SIGTERM')
        await Promise.all(ended)
      },
    },
  }
}
