import type { PolicySection, Section } from '../../declaration/document.ts'
import type { Policy } from '../../../model/topology.ts'
import { argumentTable } from './argument-table.ts'
import type { ExpandContext } from '../expand-context.ts'

/** Makes the declared policies or operator policies of a vhost, with explicit defaults. */
export function expandPolicies({ vhost, locate }: ExpandContext, section: Section<PolicySection>): Policy[] {
  return Object.entries(section).map(([name, { pattern, applyTo = 'all', priority = 0, definition, protect }]) => ({
    vhost: vhost.name,
    name,
    pattern,
    applyTo,
    priority,
    definition: argumentTable(definition),
    origin: locate(section, name),
    ...(protect && { protect: true }),
  }))
}
