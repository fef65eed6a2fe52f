import { managementApi } from './management-api.js'
import { definitions } from './workload.js'

/**
 * The broker's own import of definitions, which adds what is missing. A second import of the same definitions is
 * measured in place of a plan.
 */
/** @type {import('./provisioner.js').Prepare} */
export async function prepare({ vhost, queues, connection }) {
  const api = managementApi(connection)
  const body = definitions(queues)
  return async () => {
    await api.request('POST', `/api/definitions/${vhost}`, body)
    await api.close()
  }
}
