import { expect, it } from 'vitest'
import { warrenFastify } from '../../../src/runtime/fastify/index.ts'
import type { FastifyHost } from '../../../src/runtime/fastify/index.ts'
import type { Runtime } from '../../../src/runtime/index.ts'

it('consumes before the server listens, and closes the runtime after requests and handlers', async () => {
  const happened: string[] = []
  let handlerEnds: () => void = () => undefined
  const handler = new Promise<void>((resolve) => (handlerEnds = resolve))
  const runtime = {
    stopConsuming: async ({ deadline }: { deadline: number }) => {
      happened.push(`stop ${deadline}`)
      await handler
      happened.push('handlers ended')
    },
    close: async ({ deadline }: { deadline: number }) => void happened.push(`close ${deadline}`),
  } as unknown as Runtime
  const hooks: Record<string, () => Promise<void>> = {}
  const decorated: unknown[] = []
  const host: FastifyHost = {
    decorate: (...given) => decorated.push(...given),
    addHook: (name, hook) => void (hooks[name] = hook),
  }

  await warrenFastify(host, { runtime, consume: () => happened.push('consume'), deadline: 500 })
  expect(decorated).toEqual(['warren', runtime])
  await hooks['onReady']?.()
  // Fastify ends the requests only after this hook, so it does not wait for the handler.
  await hooks['preClose']?.()
  happened.push('requests ended')
  const closed = hooks['onClose']?.()
  handlerEnds()
  await closed

  expect(happened).toEqual(['consume', 'stop 500', 'requests ended', 'handlers ended', 'close 500'])
})
