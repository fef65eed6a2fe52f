import { fileKindOf, type FileKind } from '../source/file-kind.ts'
import type { Table } from '../source/tree.ts'

/** The kind of a file that is not a topology, by its content. */
export type ForeignFile = 'definitions' | 'plan' | 'report' | 'compiled' | Exclude<FileKind, 'topology'>

const VERSIONS = ['rabbitmq_version', 'rabbit_version', 'server_version']
const SECTIONS = ['vhosts', 'virtual_hosts', 'users', 'permissions', 'exchanges', 'queues', 'bindings', 'policies']

/**
 * Recognizes other files that people pass by mistake, because each of their objects would otherwise cause a finding.
 *
 * @returns undefined for a possible topology, with or without mistakes
 */
export function foreignFile(root: Table): ForeignFile | undefined {
  const kind = fileKindOf(root)
  if (kind !== undefined) return kind === 'topology' ? undefined : kind
  const has = (...keys: readonly string[]) => keys.every((key) => Object.hasOwn(root, key))
  if (has('format', 'digest', 'changes')) return 'plan'
  if (has('format', 'digest', 'outcomes')) return 'report'
  if (has('format', 'project', 'routes')) return 'compiled'
  // In a topology, these are tables by name.
  const lists = SECTIONS.filter((key) => Array.isArray(root[key]))
  return VERSIONS.some((key) => has(key)) || lists.length > 1 ? 'definitions' : undefined
}
