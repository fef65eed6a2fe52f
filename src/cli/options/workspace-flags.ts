import type { Command } from 'commander'
import { collect } from './collect.ts'

/** The options that choose from a config, as commander returns them. */
export interface WorkspaceFlags {
  readonly project?: readonly string[]
  readonly environment?: readonly string[]
  readonly allEnvironments?: boolean
  /** False with `--no-config`. */
  readonly config?: string | false
}

/** Adds the options that choose an environment of a config. */
export function addEnvironmentOptions(command: Command): Command {
  return command
    .option('-e, --environment <name>', 'an environment of warren.config.yaml; repeatable', collect)
    .option(
      '--config <file>',
      'use this config (default: warren.config.yaml in this folder or above, up to the folder with .git)',
    )
    .option('--no-config', 'use no config')
}

/** Adds the options that choose projects and environments of a config. */
export function addWorkspaceOptions(command: Command): Command {
  return addEnvironmentOptions(
    command.option('--project <name>', 'a project of warren.config.yaml (default: all); repeatable', collect),
  )
}

/** Adds the option that leaves out runs whose files have not changed. */
export function addChangedSinceOption(command: Command): Command {
  return command.option('--changed-since <ref>', 'only projects whose files differ from this commit, branch or tag')
}

/** Adds the option that chooses all environments, for commands that only read. */
export function addAllEnvironmentsOption(command: Command): Command {
  return command.option('--all-environments', 'run in all environments of warren.config.yaml')
}
