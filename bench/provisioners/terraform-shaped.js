import { managementApi, sideBySide } from './management-api.js'
import { bindingBody, EXCHANGE, exchangeBody, queueBody, workload } from './workload.js'

/** Terraform's default number of concurrent operations. */
const DEFAULT_PARALLELISM = 10

/**
 * A model of how Terraform's provider works, and of nothing else in Terraform: it reads each object in the state,
 * writes each change and reads it back, ten at a time, queues before bindings.
 */
/** @type {import('./provisioner.js').Prepare} */
export async function prepare({ verb, vhost, queues, before, connection, parallelism = DEFAULT_PARALLELISM }) {
  const api = managementApi(connection)
  const all = workload(queues)
  const there = verb === 'delete' ? all : all.slice(0, before)
  const queuePath = ({ queue }) => `/api/queues/${vhost}/${queue}`
  const bindingsPath = ({ queue }) => `/api/bindings/${vhost}/e/${EXCHANGE}/q/${queue}`
  const bindingPath = (each) => `${bindingsPath(each)}/${each.key}`
  const exchangePath = `/api/exchanges/${vhost}/${EXCHANGE}`
  const each = (items, task) => sideBySide(items, parallelism, task)
  const refresh = async () => {
    if (there.length > 0) await api.request('GET', exchangePath)
    await each(there, (one) => api.request('GET', queuePath(one)))
    await each(there, (one) => api.request('GET', bindingsPath(one)))
  }
  const make = async () => {
    if (before === 0) {
      await api.request('PUT', exchangePath, exchangeBody())
      await api.request('GET', exchangePath)
    }
    const missing = all.slice(before)
    await each(missing, async (one) => {
      await api.request('PUT', queuePath(one), queueBody())
      await api.request('GET', queuePath(one))
    })
    await each(missing, async (one) => {
      await api.request('POST', bindingsPath(one), bindingBody(one.key))
      await api.request('GET', bindingsPath(one))
    })
  }
  const remove = async () => {
    await each(all, (one) => api.request('DELETE', bindingPath(one)))
    await each(all, (one) => api.request('DELETE', queuePath(one)))
    await api.request('DELETE', exchangePath)
  }
  return async () => {
    await refresh()
    if (verb === 'apply') await make()
    if (verb === 'delete') await remove()
    await api.close()
  }
}
