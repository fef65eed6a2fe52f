import { managementApi, sideBySide } from './management-api.js'
import { bindingBody, EXCHANGE, exchangeBody, queueBody, workload } from './workload.js'

const DEFAULT_PARALLELISM = 16

/** Only the requests that the task needs: no file, no comparison, no check. No other provisioner can be faster. */
/** @type {import('./provisioner.js').Prepare} */
export async function prepare({ verb, vhost, queues, before, connection, parallelism = DEFAULT_PARALLELISM }) {
  const api = managementApi(connection)
  const all = workload(queues)
  const missing = all.slice(before)
  const work = {
    plan: () => Promise.all(readsOf(vhost).map((path) => api.request('GET', path))),
    apply: async () => {
      await api.request('PUT', `/api/exchanges/${vhost}/${EXCHANGE}`, exchangeBody())
      await sideBySide(missing, parallelism, ({ queue }) =>
        api.request('PUT', `/api/queues/${vhost}/${queue}`, queueBody()),
      )
      await sideBySide(missing, parallelism, ({ queue, key }) =>
        api.request('POST', `/api/bindings/${vhost}/e/${EXCHANGE}/q/${queue}`, bindingBody(key)),
      )
    },
    // The broker deletes the bindings with their queues.
    delete: async () => {
      await sideBySide(all, parallelism, ({ queue }) => api.request('DELETE', `/api/queues/${vhost}/${queue}`))
      await api.request('DELETE', `/api/exchanges/${vhost}/${EXCHANGE}`)
    },
  }[verb]
  return async () => {
    await work()
    await api.close()
  }
}

/**
 * Reads without statistics, which take many times as long, and without users, because the files contain none. @param
 * {string} vhost
 */
function readsOf(vhost) {
  return [
    '/api/overview?disable_stats=true',
    '/api/whoami',
    '/api/vhosts?disable_stats=true',
    '/api/vhost-limits',
    `/api/exchanges/${vhost}?disable_stats=true`,
    `/api/queues/${vhost}?disable_stats=true&columns=name,vhost,type,durable,auto_delete,exclusive,internal,arguments`,
    `/api/bindings/${vhost}?columns=vhost,source,destination,destination_type,routing_key,arguments,properties_key`,
    '/api/permissions',
    `/api/policies/${vhost}`,
    `/api/operator-policies/${vhost}`,
    '/api/parameters',
    '/api/global-parameters',
    '/api/nodes?columns=enabled_plugins,applications.name',
  ]
}
