import type { Finding } from '../../diagnostics/findings/finding.ts'
import type { Desired } from '../../model/desired.ts'
import { findingJson } from './failure-json.ts'

interface ValidatedRun {
  readonly environment?: string
  readonly desired: Desired
}

/** The result of `validate` for files without errors as JSON, following `schemas/validation.schema.json`. */
export function validationJson(desired: Desired, findings: readonly Finding[]): string {
  return jsonOf({ format: 1, ...summaryOf(desired), findings: findings.map(findingJson) })
}

/** The same for several projects or environments. */
export function validationsJson(runs: readonly ValidatedRun[], findings: readonly Finding[]): string {
  const shown = runs.map(({ environment, desired }) => ({
    ...(environment !== undefined && { environment }),
    ...summaryOf(desired),
  }))
  return jsonOf({ format: 1, runs: shown, findings: findings.map(findingJson) })
}

function jsonOf(value: object): string {
  return `${JSON.stringify(value, undefined, 2)}\n`
}

function summaryOf({ project, topology, routes }: Desired) {
  const counts = {
    exchanges: topology.exchanges.length,
    queues: topology.queues.length,
    bindings: topology.bindings.length,
    users: topology.users.length,
    publications: routes.publications.length,
    subscriptions: routes.subscriptions.length,
  }
  return { project, counts }
}
