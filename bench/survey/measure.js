import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { answer, readJob } from '../measure/job.js'
import { peakMegabytes } from '../measure/peak-megabytes.js'
import { managementApi } from '../provisioners/management-api.js'

// Measures a survey or an export, or only the reads and writes that it needs, in a separate process that
// parts/survey.js starts.

const { task, subject, vhost, connection, folder, like } = await readJob()
const work = subject === 'warren' ? await (task === 'export' ? exportOf() : surveyOf()) : bareWork()
const since = performance.now()
await work()
answer({ seconds: (performance.now() - since) / 1_000, megabytes: peakMegabytes() })

async function surveyOf() {
  const { formatSurvey, survey } = await import('warren')
  const source = await sourceOf()
  return async () => formatSurvey(await survey(source))
}

async function exportOf() {
  const { exportFiles } = await import('warren')
  const source = await sourceOf()
  return async () => {
    const { topologies, others, verification } = await exportFiles(source)
    if (verification.differences.length > 0) throw new Error(verification.differences[0])
    writeAll([...topologies, ...others])
  }
}

async function sourceOf() {
  const { Secret } = await import('warren')
  const { managementUrl: url, username: user, password } = connection
  return { connection: { url, user, password: new Secret(password) }, onlyVhosts: [vhost] }
}

/** The reads and, for an export, writing again the files that it wrote before. */
function bareWork() {
  if (task !== 'export') return bareReads
  const files = readdirSync(like, { recursive: true, withFileTypes: true })
    .filter((each) => each.isFile())
    .map(({ parentPath, name }) => {
      const path = join(parentPath, name)
      return { path: path.slice(like.length + 1), text: readFileSync(path, 'utf8') }
    })
  return async () => {
    await bareReads()
    writeAll(files)
  }
}

/** @param {readonly { path: string, text: string }[]} files */
function writeAll(files) {
  for (const { path, text } of files) {
    const file = join(folder, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
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
