import Fastify from 'fastify'
import { warrenFastify } from 'warren/fastify'
import { connect } from 'warren/runtime'

const app = Fastify()
await app.register(warrenFastify, {
  runtime: await connect({ topology: 'topology.json' }),
  consume: (runtime) =>
    runtime.consume('emails', async (order) => {
      console.log(`writing to ${order.email} about order ${order.id}`)
      await new Promise((resolve) => setTimeout(resolve, 100))
      await runtime.publish('email-sent', { order: order.id })
    }),
})

app.post('/orders', async (request, reply) => {
  // Resolves when the broker has the message: only then is the order accepted.
  const { messageId } = await app.warren.publish('order-placed', request.body)
  return reply.code(202).send({ messageId })
})
app.get('/ready', async (_request, reply) => reply.code(app.warren.isReady ? 200 : 503).send())
app.setErrorHandler(async (error, _request, reply) => {
  if (error.outcome !== 'invalid') throw error
  return reply.code(400).send({ error: error.message })
})

await app.listen({ port: Number(process.env.PORT ?? 3000), host: '127.0.0.1' })
console.log(`listening on port ${app.server.address().port}`)

for (const signal of ['SIGTERM', 'SIGINT']) {
  process.once(signal, async () => {
    await app.close()
    console.log('closed')
  })
}
