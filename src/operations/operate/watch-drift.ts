import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { describeFileError } from '../../files/describe-file-error.ts'
import { readRegularFile } from '../../files/read-regular-file.ts'
import { maskData } from '../../model/secrets/mask-data.ts'
import type { Secret } from '../../model/secrets/secret.ts'
import type { SecretRegistry } from '../../model/secrets/secret-registry.ts'
import type { DriftEvent } from '../../operate/drift/drift-event.ts'
import { driftMetrics } from '../../operate/drift/drift-metrics.ts'
import { EnvironmentWatch } from '../../operate/drift/environment-watch.ts'
import { METRICS_TYPE, metricsText } from '../../operate/drift/metrics-text.ts'
import { notificationBody, type NotificationFormat, notificationHeaders } from '../../operate/drift/notification.ts'
import { isMistypedTime, isPaused, parsePause } from '../../operate/drift/pause.ts'
import { postWebhook } from '../../operate/drift/serve/post-webhook.ts'
import { type ListenAddress, serveStatus } from '../../operate/drift/serve/status-server.ts'
import { Warnings } from '../../operate/drift/warnings.ts'
import type { WatchClock, WatchPorts } from '../../operate/drift/watch-ports.ts'
import { isComplete } from '../../apply/report.ts'
import { errorMessage } from '../../diagnostics/thrown.ts'
import { WarrenError } from '../../diagnostics/warren-error.ts'
import type { Planned } from '../change/planned.ts'
import { withSecrets } from '../session/with-secrets.ts'
import { validateRuns } from '../workspace/validate-runs.ts'
import { applyRuns } from '../workspace/apply-runs.ts'
import { type DriftStore, fileStore, parameterStore } from './drift-stores.ts'
import { takeDriftLock } from './drift-lock.ts'
import { observeChanges } from './observe-changes.ts'
import { observeEnvironment, type WatchedEnvironment } from './observe-environment.ts'

export { driftEventText } from '../../operate/drift/notification.ts'
export type { DriftAction, ObservedDrift } from '../../operate/drift/observed-drift.ts'
export type { OpenDrift, WatchedProject } from '../../operate/drift/drift-event.ts'
export type { DriftEvent, ListenAddress, NotificationFormat, WatchedEnvironment }

/** A receiver of events. */
export interface DriftWebhook {
  readonly url: Secret | string
  /** Signs the body of each request. Default: no signature. */
  readonly secret?: Secret | string
  /** Default: `json`. */
  readonly format?: NotificationFormat
}

/** The options of the drift service. */
export interface WatchDriftOptions {
  /** The environments, each with the projects that share its broker. */
  readonly environments: readonly WatchedEnvironment[]
  /** Ends the service; requests under way are finished first. */
  readonly signal: AbortSignal
  /** The time between two checks, in milliseconds. Default: one minute. */
  readonly interval?: number
  /** Where to serve `/metrics`, `/healthz` and `/readyz`. Default: nowhere. */
  readonly listen?: ListenAddress
  /** Default: none. */
  readonly webhooks?: readonly DriftWebhook[]
  /** The file that keeps the state. Default: a global parameter of each broker, which several processes share. */
  readonly state?: string
  /** Whether to create and update objects; the service never executes blocked plans or other changes. Default false. */
  readonly apply?: boolean
  /** A time in ISO 8601 until which nothing is sent and applied, or a file that pauses while it exists. Default: none. */
  readonly pause?: string
  /**
   * The vhost of the exchange `amq.rabbitmq.event`, which the plugin `rabbitmq_event_exchange` creates. With it, events
   * say who changed an object and when, if the broker reports it. Default: unknown.
   */
  readonly events?: string
  /** Called with the base URL of the server. */
  readonly onListening?: (url: string) => void
  /** Called for each drift and each resolution. */
  readonly onEvent?: (event: DriftEvent) => void
  /** Called with each problem, once until it is over. */
  readonly onWarning?: (text: string, environment: string | undefined) => void
  /**
   * The registry for the secrets of this run. Default: a new one.
   *
   * @internal for the command line, which masks its own outputs
   */
  readonly secrets?: SecretRegistry
}

const MINUTE = 60_000

/** How many intervals a look may take before the service counts as stuck. */
const STUCK_AFTER = 5

/**
 * Compares brokers with their files again and again, until the signal is aborted. Serves metrics, and sends each drift and
 * each resolution once to the webhooks.
 *
 * @throws {InvalidInputError} when files are invalid at the start
 * @throws {WarrenError} `INVALID_USAGE` when it cannot listen, or the pause is a mistyped time
 * @throws {WarrenError} `DAMAGED_RECORD` when the file of the state is not a state
 */
export async function watchDrift(options: WatchDriftOptions): Promise<void> {
  return withSecrets(options, async (own) => {
    const { environments, interval = MINUTE, signal } = own
    if (own.pause !== undefined && isMistypedTime(own.pause)) throw mistypedPause()
    const webhooks = new Map((own.webhooks ?? []).map((each) => [webhookId(each), each]))
    for (const { url, secret } of webhooks.values()) {
      own.secrets.add(url)
      if (secret !== undefined) own.secrets.add(secret)
    }
    // Files that are invalid at the start are a mistake; later, they are a passing problem.
    for (const { runs } of environments) await validateRuns(runs.map((run) => ({ ...run, secrets: own.secrets })))
    const file = own.state === undefined ? undefined : await fileStore(own.state)
    const watches = environments.map((each) => {
      const environment = each.name !== undefined && { environment: each.name }
      const watched = { ...environment, interval, webhooks: [...webhooks.keys()] }
      return new EnvironmentWatch(watched, portsOf(each, { ...own, byId: webhooks, file }))
    })
    const isOverdue = (watch: EnvironmentWatch) =>
      watch.lastLook !== undefined && Date.now() - watch.lastLook > STUCK_AFTER * interval + MINUTE
    const server =
      own.listen &&
      (await serveStatus(own.listen, {
        metrics: () => {
          const metrics = driftMetrics(
            watches.map((watch) => watch.status()),
            Date.now(),
          )
          return { text: own.secrets.mask(metricsText(metrics)), type: METRICS_TYPE }
        },
        sickness: () => (watches.some(isOverdue) ? 'a look at a broker does not end' : undefined),
        unreadiness: () => (watches.some(({ lastLook }) => lastLook === undefined) ? 'has not looked yet' : undefined),
      }))
    if (server) own.onListening?.(server.url)
    try {
      await Promise.all(watches.map((watch) => watch.run(signal)))
    } finally {
      await server?.close()
    }
  })
}

type PortOptions = WatchDriftOptions & {
  readonly secrets: SecretRegistry
  readonly byId: ReadonlyMap<string, DriftWebhook>
  readonly file: DriftStore | undefined
}

function portsOf(environment: WatchedEnvironment, { secrets, byId, file, ...options }: PortOptions): WatchPorts {
  const [first] = environment.runs
  if (first === undefined) throw new RangeError('an environment without a project')
  // By run; the names of files without a config are known when they have been read.
  let projects = environment.runs.map(({ configured }) => configured?.name ?? '')
  const store = file ?? parameterStore(first, secrets)
  const warnings = new Warnings((text) => options.onWarning?.(text, environment.name))
  const onWarning = (text: string) => warnings.add(secrets.mask(text))
  return {
    clock: CLOCK,
    observe: async () => {
      const observation = await observeEnvironment(environment, secrets, projects)
      projects = observation.projects.map(({ project }) => project)
      return observation
    },
    lock: async () => {
      const { lock, missing } = await takeDriftLock(environment, secrets)
      if (missing !== undefined) onWarning(`works without a lock, so run only one: ${missing}`)
      return lock
    },
    ...(options.events !== undefined && {
      changes: observeChanges(first, {
        vhost: options.events,
        secrets,
        clock: CLOCK,
        onWarning: (text) => options.onWarning?.(secrets.mask(text), environment.name),
      }),
    }),
    load: store.load,
    save: (watched, state) => store.save(watched, maskData(state, secrets)),
    send: async (id, events) => {
      const webhook = byId.get(id)
      if (webhook === undefined) return
      const body = notificationBody(maskData(events, secrets), webhook.format ?? 'json')
      await postWebhook(textOf(webhook.url), body, notificationHeaders(body, webhook.secret && textOf(webhook.secret)))
    },
    // Each look begins with this question.
    isPaused: () => {
      warnings.begin()
      return isPausedBy(options.pause, onWarning)
    },
    ...(options.apply === true && {
      apply: (chosen, signal) => {
        const runs = environment.runs.filter((_, index) => chosen.has(projects[index] ?? ''))
        return applyDrift(runs, { secrets, signal, onWarning })
      },
    }),
    onEvent: (event) => options.onEvent?.(maskData(event, secrets)),
    onWarning,
  }
}

const CLOCK: WatchClock = {
  now: () => Date.now(),
  random: () => Math.random(),
  sleep: async (milliseconds, signal) => {
    await sleep(milliseconds, undefined, { signal }).catch(() => undefined)
  },
}

function webhookId({ url, format = 'json' }: DriftWebhook): string {
  return createHash('sha256')
    .update(`${format} ${textOf(url)}`)
    .digest('hex')
    .slice(0, 12)
}

function textOf(text: Secret | string): string {
  return typeof text === 'string' ? text : text.reveal()
}

/** Refuses such a string, because as the name of a missing file it would pause nothing. */
function mistypedPause(): WarrenError {
  return new WarrenError('the pause begins like a date, but is not a time', {
    code: 'INVALID_USAGE',
    hint: 'write it as 2026-01-31T12:00:00Z; if it is a file, write its folder too, such as ./2026-01-31.txt',
  })
}

/** A file with an unreadable time also pauses, because a pause was intended. */
async function isPausedBy(pause: string | undefined, onWarning: (text: string) => void): Promise<boolean> {
  if (pause === undefined) return false
  const until = parsePause(pause)
  if (until !== undefined) return isPaused(until, Date.now())
  let text: string
  try {
    text = (await readRegularFile(pause, 'value')).toString('utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false
    onWarning(`is paused, because ${pause} cannot be read: ${describeFileError(error)}`)
    return true
  }
  const inFile = parsePause(text)
  if (inFile === undefined) onWarning(`is paused, because ${pause} contains no time such as 2026-01-31T12:00:00Z`)
  return inFile === undefined || isPaused(inFile, Date.now())
}

/** Applies the projects whose drift an apply removes by creating and updating objects. */
async function applyDrift(
  runs: WatchedEnvironment['runs'],
  { secrets, signal, onWarning }: { secrets: SecretRegistry; signal: AbortSignal; onWarning: (text: string) => void },
): Promise<void> {
  const { runs: applied } = await applyRuns({
    runs: runs.map((run) => ({ ...run, prune: false })),
    secrets,
    signal,
    // The broker may have changed since the look.
    confirm: ({ runs: planned }) => Promise.resolve(planned.every((each) => isHarmless(each.planned))),
  })
  for (const { project, error, applied: own } of applied) {
    if (error !== undefined) onWarning(`cannot apply ${project}: ${errorMessage(error)}`)
    if (own?.report && !isComplete(own.report)) onWarning(`the apply of ${project} is incomplete`)
  }
}

/** Whether a plan only creates and updates objects. */
function isHarmless(planned: Planned | undefined): boolean {
  return planned?.plan.changes.every(({ action }) => action === 'create' || action === 'update') === true
}
