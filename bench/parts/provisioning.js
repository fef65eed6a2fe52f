import { setTimeout as sleep } from 'node:timers/promises'
import { defaultParallelism } from '../../build/apply/default-parallelism.js'
import { inChild } from '../measure/in-child.js'
import { median } from '../measure/statistics.js'
import { managementApi } from '../provisioners/management-api.js'
import { missingProgram } from '../missing-program.js'
import { ANSIBLE, WORKS } from '../provisioners/provisioner.js'
import { onePercentOf } from '../provisioners/workload.js'
import { rowsOf } from '../report/row.js'
import { isWanted, takesPart, turned } from './part.js'

export const needsBroker = true
export const needsPeers = true

/**
 * The tasks of each provisioner, and the largest number of queues for which it does them. A provisioner that takes a
 * minute where others take a second is measured once: the spread of its times could not change the result.
 */
const SUBJECTS = [
  { name: 'bare requests', provisioner: 'bare-requests', reference: true, upTo: Infinity },
  { name: 'warren', provisioner: 'warren', upTo: Infinity },
  {
    name: 'definitions import',
    provisioner: 'definitions-import',
    upTo: Infinity,
    works: ['apply, all new', 'plan, nothing to do'],
  },
  { name: 'Terraform-shaped model', provisioner: 'terraform-shaped', upTo: 1_000 },
  { name: 'rabbitmqadmin', provisioner: 'rabbitmqadmin', upTo: 100, once: true, works: ['apply, all new'] },
  { name: ANSIBLE, provisioner: 'ansible', upTo: 100, once: true, works: ['apply, all new', 'plan, nothing to do'] },
]
const SIZES = [100, 1_000, 10_000]
const ROUNDS = 3
const PARALLELISM = [4, 8, 16, 32, 64, 128]
/** The number of queues that the search for the best concurrency creates. */
const SEARCH_SIZE = 1_000
const SEARCH = `concurrent writes, ${SEARCH_SIZE.toLocaleString('en')} queues + bindings`
/** The broker is busy for a moment after a deletion. */
const REST = 2_000

/** @type {import('./part.js').RunPart} */
export async function run(settings) {
  const { quick, broker, tell, folder } = settings
  const rows = rowsOf('provisioning', `RabbitMQ ${broker.version}`)
  const sizes = settings.sizes ?? (quick ? [10] : SIZES)
  const rounds = settings.rounds ?? (quick ? 1 : ROUNDS)
  const job = { connection: broker, brokerProcesses: broker.processes, folder }

  const best = isWanted(settings, SEARCH)
    ? await bestParallelism(settings, rows, job)
    : defaultParallelism(broker.version)
  for (const queues of sizes) {
    for (let round = 0; round < rounds; round += 1) {
      tell(`provisioning ${queues} queues, round ${round + 1}`)
      await oneRound(settings, { rows, job, queues, round, best })
    }
  }
  return rows.all()
}

/** Measures which number of concurrent requests is fastest on the broker. All provisioners are compared with it. */
async function bestParallelism(settings, rows, job) {
  const { quick, broker, tell } = settings
  const choices = quick ? [4, 16] : PARALLELISM
  const rounds = settings.rounds ?? (quick ? 1 : ROUNDS)
  const times = new Map(choices.map((choice) => [choice, []]))
  for (let round = 0; round < rounds; round += 1) {
    tell(`concurrent writes, round ${round + 1}`)
    for (const parallelism of turned(choices, round)) {
      const vhost = `bench-side-${parallelism}`
      await withVhost(broker, vhost, async () => {
        const queues = quick ? 10 : SEARCH_SIZE
        const todo = { ...job, provisioner: 'bare-requests', verb: 'apply', vhost, queues, before: 0, parallelism }
        const sample = await inChild('provisioners/measure.js', todo)
        times.get(parallelism)?.push(sample.seconds)
        rows.add({ work: SEARCH, subject: `${parallelism} at a time` }, sample)
      })
    }
  }
  const [best] = [...times].toSorted(([, a], [, b]) => median(a) - median(b))
  return best?.[0]
}

async function oneRound(settings, { rows, job, queues, round, best }) {
  const { broker, tell, quick } = settings
  const size = queues.toLocaleString('en')
  const taking = SUBJECTS.filter(
    ({ name, upTo, once }) =>
      queues <= upTo && takesPart(settings, name) && !(once && round > 0 && settings.rounds === undefined),
  )
  const subjects = taking.filter(({ name, provisioner }) => {
    const missing = missingProgram(provisioner)
    if (missing !== undefined && round === 0) tell(`skipped ${name}: ${missing}`)
    return missing === undefined
  })
  const states = {
    empty: { queues, before: 0 },
    complete: { queues, before: queues },
    changed: { queues: queues + onePercentOf(queues), before: queues },
    grown: { queues: queues + onePercentOf(queues), before: queues + onePercentOf(queues) },
  }
  const vhostOf = ({ provisioner }) => `bench-${provisioner}`
  const api = managementApi(broker)
  try {
    for (const subject of subjects) await api.request('PUT', `/api/vhosts/${vhostOf(subject)}`, {})
    for (const { work, verb, state } of upToLastWanted(settings)) {
      for (const subject of turned(subjects, round)) {
        if (subject.works && !subject.works.includes(work)) continue
        const todo = { ...job, provisioner: subject.provisioner, verb, vhost: vhostOf(subject), ...states[state] }
        const paced = subject.reference ? { ...todo, parallelism: best } : todo
        const row = { work: `${work}, ${size} queues + ${size} bindings`, subject: subject.name }
        try {
          rows.add({ ...row, reference: subject.reference }, await inChild('provisioners/measure.js', paced))
        } catch (error) {
          // A failure of another tool is only reported. A failure of warren or of the reference ends the run.
          if (subject.reference || subject.provisioner === 'warren') throw error
          tell(`${work}: ${subject.name} failed: ${error instanceof Error ? error.message : String(error)}`)
        }
        // This virtual host is no longer needed.
        if (subject.works?.at(-1) === work) await api.request('DELETE', `/api/vhosts/${vhostOf(subject)}`)
        await sleep(quick ? 0 : REST)
      }
    }
  } finally {
    for (const subject of subjects) {
      await api.request('DELETE', `/api/vhosts/${vhostOf(subject)}`).catch(() => undefined)
    }
    await api.close()
  }
}

/**
 * The tasks up to the last selected one: a task needs the state that the earlier ones leave, even if they are not
 * selected.
 */
function upToLastWanted(settings) {
  return WORKS.slice(0, 1 + WORKS.findLastIndex(({ work }) => isWanted(settings, work)))
}

async function withVhost(broker, vhost, task) {
  const api = managementApi(broker)
  try {
    await api.request('PUT', `/api/vhosts/${vhost}`, {})
    await task()
    await api.request('DELETE', `/api/vhosts/${vhost}`)
  } finally {
    await api.close()
  }
}
