import type { SelectedRun } from '../../desired/workspace/select-runs.ts'
export { referredVariables } from '../../desired/workspace/resolve-texts.ts'
import {
  type ConnectionTexts,
  resolveConnection,
  resolveVariables,
  resolveWebhooks,
  type WebhookTexts,
} from '../../desired/workspace/resolve-texts.ts'
import type { ConfiguredDrift, ConfiguredEnvironment } from '../../desired/workspace/config.ts'
import { readVariables } from '../../desired/load/read-variables.ts'
import { readRegularFile } from '../../files/read-regular-file.ts'
import { InvalidInputError } from '../../diagnostics/warren-error.ts'
import type { Finding } from '../../diagnostics/findings/finding.ts'
import type { TopologyOptions } from '../session/options.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** The options of a run that concern its files. */
export type RunFiles = Pick<TopologyOptions, 'inEnvironment' | 'configured'> &
  Partial<Pick<TopologyOptions, 'paths' | 'overlays'>>

/**
 * The files of a run, with the variables and vhosts of its environment. `paths` is absent if files were given instead
 * of a project.
 *
 * @param environment the values of `${env:NAME}`
 * @throws {InvalidInputError} when a variable of the environment has no value
 */
export async function runFiles(
  { project, environment: chosen }: SelectedRun,
  environment: Environment,
): Promise<RunFiles> {
  const ofProject = project && {
    paths: project.paths,
    overlays: (chosen && project.overlays.get(chosen.name)) ?? [],
    configured: { name: project.name, location: project.location },
  }
  if (chosen === undefined) return { ...ofProject }
  const fromFiles = await readVariables(chosen.variableFiles)
  const { texts, findings } = await resolveVariables(project, chosen, environment)
  await requireNone([...fromFiles.findings, ...findings])
  const variables = { ...fromFiles.variables, ...texts }
  return { ...ofProject, inEnvironment: { name: chosen.name, variables, vhosts: chosen.vhosts } }
}

/**
 * The settings of the connection in an environment.
 *
 * @param environment the values of `${env:NAME}`
 * @throws {InvalidInputError} when one of the references has no value
 */
export async function connectionSettings(
  chosen: ConfiguredEnvironment,
  environment: Environment,
): Promise<ConnectionTexts> {
  const { texts, findings } = await resolveConnection(chosen, environment)
  await requireNone(findings)
  return texts
}

/**
 * The webhooks of the drift service.
 *
 * @param environment the values of `${env:NAME}`
 * @throws {InvalidInputError} when one of the references has no value
 */
export async function webhookSettings(
  drift: ConfiguredDrift,
  environment: Environment,
): Promise<readonly WebhookTexts[]> {
  const { texts, findings } = await resolveWebhooks(drift, environment)
  await requireNone(findings)
  return texts
}

async function requireNone(findings: readonly Finding[]): Promise<void> {
  if (findings.length === 0) return
  const sources = new Map<string, string>()
  for (const file of new Set(findings.flatMap(({ location }) => location?.file ?? []))) {
    sources.set(file, (await readRegularFile(file, 'document')).toString('utf8'))
  }
  throw new InvalidInputError(findings, sources)
}
