import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** The swallowed frames: confirms or answers to a declaration, or everything except heartbeats. */
export type Swallowed = keyof typeof ANSWERS | 'all but heartbeats'

/** A proxy in front of the AMQP port of a broker, which loses whole frames, so that the connections remain valid. */
export interface AmqpProxy extends AsyncDisposable {
  readonly port: number
  /**
   * Swallows these frames from now on.
   *
   * @param only `existing`: only on connections that are already open
   */
  readonly swallow: (what: Swallowed, only?: 'existing') => void
  /** From now on closes each connection that gets a message from a queue, as the broker does for a queue without a process. */
  readonly failGetsOf: (queue: string) => void
  /** Passes everything on again. The swallowed frames are lost. */
  readonly heal: () => void
  /** The number of swallowed frames. */
  readonly swallowed: () => number
}

const PROTOCOL_HEADER = 8
const AROUND_PAYLOAD = 8
const METHOD = 1
const HEARTBEAT = 8
const GET = (60 << 16) | 70
const DECLARE = (50 << 16) | 10
const DELETE = (50 << 16) | 40
/** `connection.close` with 541, on channel 0. */
const INTERNAL_ERROR = closeFrame(541, 'INTERNAL_ERROR')
/** Methods of the broker, by class and number: `basic.ack` and `basic.nack`; `queue.declare-ok`. */
const ANSWERS = {
  confirms: [(60 << 16) | 80, (60 << 16) | 120],
  declares: [(50 << 16) | 11],
} as const satisfies Record<string, readonly number[]>

/** @param onWrite called before a queue is declared or deleted; the request is lost if it returns `swallow` */
export async function amqpProxy(target: number, onWrite?: () => 'pass' | 'swallow'): Promise<AmqpProxy> {
  const sockets = new Set<Socket>()
  const deaf = new Map<Socket, Swallowed>()
  let forAll: Swallowed | undefined
  let count = 0
  let failing: string | undefined

  const isSwallowed = (client: Socket, frame: Buffer, fromBroker: boolean): boolean => {
    if (!fromBroker && isWrite(frame) && onWrite?.() === 'swallow') return true
    const what = forAll ?? deaf.get(client)
    if (what === undefined) return false
    if (what === 'all but heartbeats') return frame[0] !== HEARTBEAT
    return fromBroker && frame[0] === METHOD && ANSWERS[what].some((each) => each === frame.readUInt32BE(7))
  }
  const forward = (client: Socket, from: Socket, to: Socket): void => {
    const fromBroker = from !== client
    let rest: Buffer = Buffer.alloc(0)
    let isHeaderPassed = fromBroker
    sockets.add(from)
    from.on('error', () => undefined).on('close', () => to.destroy())
    from.on('data', (data: Buffer) => {
      rest = Buffer.concat([rest, data])
      if (!isHeaderPassed && rest.length >= PROTOCOL_HEADER) {
        to.write(rest.subarray(0, PROTOCOL_HEADER))
        rest = rest.subarray(PROTOCOL_HEADER)
        isHeaderPassed = true
      }
      if (!isHeaderPassed) return
      while (rest.length >= AROUND_PAYLOAD) {
        const length = AROUND_PAYLOAD + rest.readUInt32BE(3)
        if (rest.length < length) return
        const frame = rest.subarray(0, length)
        rest = rest.subarray(length)
        if (!fromBroker && failing !== undefined && isGetOf(frame, failing)) client.write(INTERNAL_ERROR)
        else if (isSwallowed(client, frame, fromBroker)) count += 1
        else to.write(frame)
      }
    })
  }
  const clients = new Set<Socket>()
  const server = createServer((client) => {
    const upstream = connect(target, '127.0.0.1')
    clients.add(client)
    client.once('close', () => clients.delete(client))
    forward(client, client, upstream)
    forward(client, upstream, client)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    swallow(what, only) {
      if (only === undefined) forAll = what
      else for (const client of clients) deaf.set(client, what)
    },
    failGetsOf(queue) {
      failing = queue
    },
    heal() {
      forAll = undefined
      failing = undefined
      deaf.clear()
    },
    swallowed: () => count,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

function isGetOf(frame: Buffer, queue: string): boolean {
  return isMethod(frame, GET) && frame.toString('utf8', QUEUE_AT + 1, afterQueue(frame)) === queue
}

/** Whether a frame declares a queue, other than passively, or deletes one. */
function isWrite(frame: Buffer): boolean {
  if (isMethod(frame, DELETE)) return true
  return isMethod(frame, DECLARE) && (frame.readUInt8(afterQueue(frame)) & PASSIVE) === 0
}

function isMethod(frame: Buffer, method: number): boolean {
  return frame[0] === METHOD && frame.readUInt32BE(7) === method
}

/** The offset of the queue's name in a method: after class, method, and a reserved short. */
const QUEUE_AT = 13
const PASSIVE = 1

function afterQueue(frame: Buffer): number {
  return QUEUE_AT + 1 + frame.readUInt8(QUEUE_AT)
}

function closeFrame(code: number, text: string): Buffer {
  const payload = Buffer.alloc(11 + text.length)
  payload.writeUInt32BE((10 << 16) | 50, 0)
  payload.writeUInt16BE(code, 4)
  payload.writeUInt8(text.length, 6)
  payload.write(text, 7)
  const head = Buffer.alloc(7)
  head.writeUInt8(METHOD, 0)
  head.writeUInt32BE(payload.length, 3)
  return Buffer.concat([head, payload, Buffer.of(0xce)])
}
