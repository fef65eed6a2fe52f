import express from 'express'
import { closeInOrder } from 'warren/express'
import { connect } from 'warren/runtime'

const runtime = await connect({ topology: 'topology.json' })

const app = express()
app.use(express.json())
app.post('/orders', async (request, response) => {
  // Resolves when the broker has the message: only then is the order accepted.
  const { messageId } = await runtime.publish('order-placed', request.body)
  response.status(202).json({ messageId })
})
app.get('/ready', (_request, response) => response.sendStatus(runtime.isReady ? 200 : 503))
app.use((error, _request, response, next) => {
  if (error.outcome === 'invalid') response.status(400).json({ error: error.message })
  else next(error)
})

await runtime.consume('emails', async (order) => {
  console.log(`writing to ${order.email} about order ${order.id}`)
  await new Promise((resolve) => setTimeout(resolve, 100))
  await runtime.publish('email-sent', { order: order.id })
})

const server = app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  console.log(`listening on port ${server.address().port}`)
})
closeInOrder(server, runtime, { onClosed: () => console.log('closed') })
