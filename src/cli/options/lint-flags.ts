import { ExitCode } from '../exit-code.ts'
import type { PlanLintOptions } from '../../operations/change/lint-plan.ts'
import type { LintFinding, LintSettings } from '../../operations/insight/lint.ts'
import type { Io } from '../output/io.ts'
import { oneOf } from './one-of.ts'
import { usageError } from './usage-error.ts'

/** The lowest severity at which lint findings affect the exit code. */
export type FailOn = 'error' | 'warning' | 'never'

export function failOnOf(flag: string): FailOn {
  return oneOf('--fail-on', flag, ['error', 'warning', 'never'])
}

/** The exit code for lint findings. */
export function exitCodeOfLint(findings: readonly LintFinding[], failOn: FailOn): ExitCode {
  const fails = findings.some(({ severity }) => severity === 'error' || failOn === 'warning')
  return failOn !== 'never' && fails ? ExitCode.invalidInput : ExitCode.done
}

/** The options of a plan that is linted, as commander gives them. */
export interface PlanLintFlags {
  readonly lint?: boolean
  readonly failOn?: string
  readonly config?: string | false
}

/** @throws {WarrenError} `INVALID_USAGE` when `--fail-on` is given without `--lint` */
export function planFailOn({ lint, failOn }: PlanLintFlags): FailOn {
  if (failOn === undefined) return 'never'
  if (lint !== true) throw usageError('--fail-on has no effect without --lint, whose findings it judges', 'add --lint')
  return failOnOf(failOn)
}

/** The settings of lint in the config of a run. */
export async function lintSettingsOf({ config }: Pick<PlanLintFlags, 'config'>, io: Io): Promise<LintSettings> {
  const { readLintSettings } = await import('../../operations/insight/read-lint-settings.ts')
  return readLintSettings({
    ...(config !== undefined && { config }),
    ...(io.userId !== undefined && { userId: io.userId }),
  })
}

/** The options of a plan that `--lint` sets. */
export async function planLintOf(flags: PlanLintFlags, io: Io): Promise<PlanLintOptions> {
  return flags.lint === true ? { lint: await lintSettingsOf(flags, io) } : {}
}
