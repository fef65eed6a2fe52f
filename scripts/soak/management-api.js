/** The management API of any node that answers. */
export function managementApi({ nodes, login }) {
  const authorization = `Basic ${Buffer.from(`${login.username}:${login.password}`).toString('base64')}`

  async function request(method, ...path) {
    let reason
    for (const { management } of nodes) {
      try {
        const address = `http://127.0.0.1:${management}/api/${path.map(encodeURIComponent).join('/')}`
        const response = await fetch(address, {
          method,
          headers: { authorization },
          signal: AbortSignal.timeout(10_000),
        })
        if (response.ok || response.status === 404) return method === 'GET' ? await response.json() : undefined
        reason = new Error(`${method} ${path.join('/')}: ${response.status}`)
      } catch (error) {
        reason = error
      }
    }
    throw reason
  }

  return {
    get: (...path) => request('GET', ...path),
    remove: (...path) => request('DELETE', ...path),
    /** The number of messages in queues, ready or unacknowledged; undefined while the broker does not know it. */
    async depth(queues) {
      const all = await request('GET', 'queues', '/')
      const counts = all.filter(({ name }) => queues.includes(name)).map(({ messages }) => messages)
      if (counts.length < queues.length || counts.some((each) => each === undefined)) return undefined
      return counts.reduce((sum, each) => sum + each, 0)
    },
  }
}
