import { createServer } from 'node:http'
import { Registry } from 'prom-client'
import { countInPrometheus } from 'warren/prometheus'
import type { Runtime } from 'warren/runtime'

export function serveMetrics(runtime: Runtime, port: number) {
  const register = new Registry()
  countInPrometheus(runtime, { register })
  const server = createServer((_request, response) => {
    register.metrics().then(
      (text) => response.setHeader('content-type', register.contentType).end(text),
      (error) => response.writeHead(500).end(String(error)),
    )
  })
  return server.listen(port)
}
