import { answer, readJob } from '../measure/job.js'
import { peakMegabytes } from '../measure/peak-megabytes.js'
import { managementApi } from '../provisioners/management-api.js'

// A survey, or the reads that it needs and nothing else, in a process of its own: started by parts/survey.js.

const { subject, vhost, connection } = await readJob()
const work = subject === 'warren' ? await surveyOf() : bareReads
const since = performance.now()
await work()
answer({ seconds: (performance.now() - since) / 1_000, megabytes: peakMegabytes() })

async function surveyOf() {
  const { formatSurvey, Secret, survey } = await import('warren')
  const { managementUrl: url, username: user, password } = connection
  return async () => {
    const found = await survey({ connection: { url, user, password: new Secret(password) }, onlyVhosts: [vhost] })
    return formatSurvey(found)
  }
}

async function bareReads() {
  const api = managementApi(connection)
  await Promise.all(
    [
      '/api/overview?disable_stats=true',
      '/api/overview?columns=rates_mode,disable_stats',
      '/api/whoami',
      '/api/vhosts?disable_stats=true',
      '/api/vhost-limits',
      `/api/exchanges/${vhost}?disable_stats=true`,
      `/api/queues/${vhost}?disable_stats=true&columns=name,vhost,type,durable,auto_delete,exclusive,owner_pid_details,internal,arguments,state,members,online`,
      `/api/queues/${vhost}?disable_stats=true&enable_queue_totals=true&columns=name,vhost,type,messages,messages_ready,messages_unacknowledged`,
      `/api/bindings/${vhost}?columns=vhost,source,destination,destination_type,routing_key,arguments,properties_key`,
      `/api/consumers/${vhost}?columns=queue,channel_details`,
      '/api/connections?columns=name,client_properties',
      '/api/users',
      '/api/permissions',
      '/api/topic-permissions',
      `/api/policies/${vhost}`,
      `/api/operator-policies/${vhost}`,
      '/api/parameters',
      '/api/global-parameters',
      '/api/nodes?columns=enabled_plugins,applications.name',
    ].map((path) => api.request('GET', path)),
  )
  await api.close()
}
