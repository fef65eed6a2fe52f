import { findConfig } from '../../desired/workspace/find-config.ts'
import type { ConfiguredLint } from '../../desired/workspace/config.ts'
import { InvalidInputError } from '../../diagnostics/warren-error.ts'
import { type LintSettings, NO_SETTINGS } from '../../insight/lint/lint-settings.ts'

/** The source of the settings of lint. */
export interface LintSettingsOptions {
  /** The path of a config, or false to use none. Default: searches from the working directory upwards. */
  readonly config?: string | false
  /** The user whose config a search may find, as a user id of the system. Default: any user. */
  readonly userId?: number
}

/**
 * Reads the settings of lint from a config, with those of the configs that it extends. The settings of a config take
 * precedence over those of the configs that it extends, rule by rule.
 *
 * @throws {InvalidInputError} when a config is not usable
 */
export async function readLintSettings({ config, userId }: LintSettingsOptions = {}): Promise<LintSettings> {
  const path = config === undefined ? await findConfig(userId) : config
  return path === undefined || path === false ? NO_SETTINGS : settingsIn(path, [])
}

async function settingsIn(path: string, within: readonly string[]): Promise<LintSettings> {
  // A config that extends itself adds nothing.
  if (within.includes(path)) return NO_SETTINGS
  const { readConfig } = await import('../../desired/workspace/read-config.ts')
  const { config, findings, sources } = await readConfig(path)
  if (config === undefined) throw new InvalidInputError(findings, sources)
  const own: ConfiguredLint = config.lint ?? { rules: {}, extends: [], ignore: [] }
  let settings = NO_SETTINGS
  for (const each of own.extends) settings = merged(settings, await settingsIn(each, [...within, path]))
  return merged(settings, own)
}

function merged(base: LintSettings, { rules, ignore }: LintSettings): LintSettings {
  return { rules: { ...base.rules, ...rules }, ignore: [...base.ignore, ...ignore] }
}
