import { setTimeout as sleep } from 'node:timers/promises'

/** How long a temporary fault lasts, in milliseconds. */
const LASTS = 5_000
/** How long a node may take to recover, in milliseconds. */
const BACK = 120_000

/**
 * All faults, by name. `around` has the broker, its proxies, the workers and the management API.
 *
 * @type {Record<string, (around: any) => Promise<void>>}
 */
export const FAULTS = {
  async 'kill a worker'({ workers }) {
    await workers.replace(pick(workers.all))
  },
  async 'close connections by the management API'({ api }) {
    const connections = await api.get('connections')
    for (const { name } of connections.filter(() => Math.random() < 0.5)) await api.remove('connections', name)
  },
  async 'close channels'({ broker }) {
    const end = '[exit(P, kill) || P <- rabbit_channel:list_local(), rand:uniform(2) =:= 1].'
    await broker.control(pick(broker.nodes), 'eval', end)
  },
  async 'kill a node'({ broker }) {
    await endNode(broker, 'SIGKILL')
  },
  async 'restart a node'({ broker }) {
    await endNode(broker, 'SIGTERM')
  },
  async 'memory alarm'({ broker }) {
    const node = pick(broker.nodes)
    await broker.control(node, 'set_vm_memory_high_watermark', '0.00001')
    await sleep(LASTS)
    await broker.control(node, 'set_vm_memory_high_watermark', '0.6')
  },
  async 'cancel consumers'({ broker }) {
    // When the process of a classic queue ends, the broker cancels its consumers, and starts the queue again.
    const end = '[exit(amqqueue:get_pid(Q), kill) || Q <- rabbit_amqqueue:list(), is_pid(amqqueue:get_pid(Q))].'
    await broker.control(pick(broker.nodes), 'eval', end)
  },
  async 'cut the network'({ proxies }) {
    await forAWhile(pick(proxies), (proxy) => proxy.cut())
  },
  async 'freeze the network'({ proxies }) {
    // Longer than two heartbeats, after which both sides give up a silent connection.
    await forAWhile(pick(proxies), (proxy) => proxy.freeze(), 15_000)
  },
  async 'slow the network'({ proxies }) {
    await forAWhile(pick(proxies), (proxy) => proxy.slow(100))
  },
}

async function endNode(broker, signal) {
  const node = pick(broker.nodes)
  broker.kill(node, signal)
  const deadline = Date.now() + BACK
  await sleep(2_000)
  while (!(await broker.isUp(node))) {
    if (Date.now() > deadline) throw new Error(`${node.name} did not come back within ${BACK / 1_000} s`)
    await sleep(500)
  }
}

async function forAWhile(proxy, begin, milliseconds = LASTS) {
  begin(proxy)
  await sleep(milliseconds)
  proxy.heal()
}

/** @template T @param {readonly T[]} list */
function pick(list) {
  return list[Math.floor(Math.random() * list.length)]
}
