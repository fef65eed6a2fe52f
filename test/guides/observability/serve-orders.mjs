import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import { register } from 'prom-client'
import { countInPrometheus } from 'warren/prometheus'
import { closeOnSignal, connect } from 'warren/runtime'

const runtime = await connect({ topology: 'topology.json' })
countInPrometheus(runtime)

const orders = createServer(async (request, response) => {
  try {
    const order = JSON.parse(await text(request))
    const { messageId } = await runtime.publish('charge', order)
    response.writeHead(202).end(messageId)
  } catch (error) {
    console.error(error)
    response.writeHead(503).end()
  }
}).listen(process.env.PORT)

const metrics = createServer(async (_request, response) => {
  response.setHeader('content-type', register.contentType).end(await register.metrics())
}).listen(process.env.METRICS_PORT)

closeOnSignal(runtime, {
  // Requests in progress are served, and may publish. Then the runtime closes. The metrics server closes last.
  before: () => new Promise((resolve) => orders.close(resolve)),
  after: () => metrics.close(),
})
