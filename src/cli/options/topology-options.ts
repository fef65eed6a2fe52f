import { collect } from './collect.ts'
import { existsSync } from 'node:fs'
import type { Command } from 'commander'
import type { TopologyOptions } from '../../operations/session/options.ts'
import type { Io } from '../output/io.ts'
import { addWorkspaceOptions, type WorkspaceFlags } from './workspace-flags.ts'
import { firstGiven, notOfForm, usageError } from './usage-error.ts'

/** The options of commands that work on topology files, as commander returns them. */
export interface TopologyFlags extends WorkspaceFlags {
  readonly overlay?: readonly string[]
  readonly var?: readonly string[]
  readonly varFile?: readonly string[]
  readonly vhost?: readonly string[]
  readonly changedSince?: string
}

/** The path for standard input. */
export const STANDARD_INPUT = '-'

const DEFAULT_PATHS = ['topology.yaml', 'topology.yml', 'topologies']

/** Adds the options of commands that work on topology files. */
export function addTopologyOptions(command: Command): Command {
  return addWorkspaceOptions(command)
    .argument(
      '[path...]',
      `files and folders, - for standard input (default: the first of ${DEFAULT_PATHS.join(', ')} that exists)`,
    )
    .option('--overlay <file>', 'merge this document over the document of its vhost; repeatable', collect)
    .option('--var <name=value>', 'the value of ${var:name}; repeatable', collect)
    .option('--var-file <file>', 'a file of name=value lines; repeatable', collect)
    .option('--vhost <FROM=TO>', 'use vhost TO where the files name FROM; repeatable', collect)
}

/** Converts flags to the options of an operation. */
export function topologyOptions(paths: readonly string[], flags: TopologyFlags, io: Io): TopologyOptions {
  if (paths.includes(STANDARD_INPUT) && flags.overlay?.includes(STANDARD_INPUT) === true) {
    throw usageError(
      'standard input cannot be both a topology and an overlay',
      'write one of the two into a file, and name that',
    )
  }
  return {
    paths: topologyPaths(paths),
    overlays: flags.overlay ?? [],
    variables: pairs('--var', 'name=value', flags.var),
    variableFiles: (flags.varFile ?? []).map(variableFile),
    vhosts: pairs('--vhost', 'FROM=TO', flags.vhost),
    standardInput: io.readInput,
    environment: io.environment,
    secrets: io.secrets,
  }
}

/**
 * Refuses options about files in a run that reads none, where they have no effect.
 *
 * @param option the option because of which it reads none, such as `--live`
 */
export function refuseFileOptions(flags: TopologyFlags, option: string): void {
  const { project, overlay, var: variables, varFile, changedSince } = flags
  const needless = firstGiven({
    '--project': project,
    '--overlay': overlay,
    '--var': variables,
    '--var-file': varFile,
    '--changed-since': changedSince,
  })
  if (needless === undefined) return
  throw usageError(
    `${needless} is about files, and a run with ${option} reads none`,
    `leave out one of the two: ${needless} or ${option}`,
  )
}

/**
 * Refuses a run that reads its topology from standard input and would ask a question, because the answer would also
 * come from standard input.
 *
 * @param isAnswered whether an option answers the question
 * @param how that option
 */
export function requireAnswer(paths: readonly string[], isAnswered: boolean, how: string): void {
  if (isAnswered || !paths.includes(STANDARD_INPUT)) return
  throw usageError(
    'standard input is a topology, so you cannot answer the question there',
    `pass ${how}, or name a file`,
  )
}

/** The given paths, or the default path. */
export function topologyPaths(paths: readonly string[]): readonly string[] {
  return paths.length > 0 ? paths : defaultPaths()
}

function defaultPaths(): readonly string[] {
  const found = DEFAULT_PATHS.find((path) => existsSync(path))
  if (found === undefined) {
    throw usageError(
      `the command names no topology, and none of ${DEFAULT_PATHS.join(', ')} is in the current folder`,
      'name a file or a folder, such as: warren plan topology.yaml',
    )
  }
  return [found]
}

function pairs(option: string, form: string, given: readonly string[] = []): Readonly<Record<string, string>> {
  const entries = given.map((pair): [string, string] => {
    const at = pair.indexOf('=')
    if (at < 1) throw notOfForm(option, form, `${option} ${form}`)
    return [pair.slice(0, at), pair.slice(at + 1)]
  })
  refuseContradictions(option, entries)
  return Object.assign(Object.create(null) as Record<string, string>, Object.fromEntries(entries))
}

/** Text in place of a file must not be shown as a path, because it may be a variable with a secret value. */
function variableFile(path: string): string {
  if (!path.includes('=') || existsSync(path)) return path
  throw usageError('--var-file names no file', 'write a single variable as --var name=value')
}

/** A second value for the same name would silently replace the first. */
function refuseContradictions(option: string, entries: readonly (readonly [string, string])[]): void {
  const first = new Map<string, string>()
  for (const [name, value] of entries) {
    if ((first.get(name) ?? value) !== value) {
      throw usageError(`${option} ${name}= occurs twice with different values`, `pass only one ${option} for ${name}`)
    }
    first.set(name, value)
  }
}
