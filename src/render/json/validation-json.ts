import type { Finding } from '../../diagnostics/findings/finding.ts'
import type { Desired } from '../../model/desired.ts'
import { findingJson } from './failure-json.ts'

/** The result of `validate` for files without errors as JSON, following `schemas/validation.schema.json`. */
export function validationJson({ project, topology, routes }: Desired, findings: readonly Finding[]): string {
  const counts = {
    exchanges: topology.exchanges.length,
    queues: topology.queues.length,
    bindings: topology.bindings.length,
    users: topology.users.length,
    publications: routes.publications.length,
    subscriptions: routes.subscriptions.length,
  }
  return `${JSON.stringify({ format: 1, project, counts, findings: findings.map(findingJson) }, undefined, 2)}\n`
}
