import { dirname, isAbsolute, join } from 'node:path'
import { finding, type Finding } from '../../diagnostics/findings/finding.ts'
import { parseReferences } from '../source/references/references.ts'
import { resolveReference } from '../source/references/resolve-reference.ts'
import type {
  ConfiguredDrift,
  ConfiguredEnvironment,
  ConfiguredProject,
  ConfiguredText,
  ConnectionKey,
} from './config.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** Values of texts with references, or the missing values. */
export interface Resolved<Texts> {
  readonly texts: Texts
  readonly findings: readonly Finding[]
}

/** The settings of a connection, with resolved references. */
export type ConnectionTexts = Readonly<Partial<Record<ConnectionKey, string>>>

/** The settings of the connection in an environment, with paths relative to the working directory. */
export async function resolveConnection(
  { connection }: ConfiguredEnvironment,
  environment: Environment,
): Promise<Resolved<ConnectionTexts>> {
  const resolved = await resolveTexts(Object.entries(connection), environment)
  const texts: Record<string, string | undefined> = { ...resolved.texts }
  for (const key of ['passwordFile', 'ca', 'cert', 'key'] as const) {
    const file = connection[key]?.location.file
    const path = texts[key]
    if (path !== undefined && file !== undefined && !isAbsolute(path)) texts[key] = join(dirname(file), path)
  }
  return { texts, findings: resolved.findings }
}

/** The values of `${var:name}` in a run: the project's own variables take precedence over those of the environment. */
export async function resolveVariables(
  project: ConfiguredProject | undefined,
  { name, variables }: ConfiguredEnvironment,
  environment: Environment,
): Promise<Resolved<Readonly<Record<string, string>>>> {
  return resolveTexts([...variables, ...(project?.variables.get(name) ?? [])], environment)
}

/** A webhook of the drift service, with resolved references. */
export interface WebhookTexts extends Pick<ConfiguredDrift['webhooks'][number], 'format'> {
  readonly url: string
  readonly secret?: string
}

/** The webhooks of the drift service. */
export async function resolveWebhooks(
  { webhooks }: ConfiguredDrift,
  environment: Environment,
): Promise<Resolved<readonly WebhookTexts[]>> {
  const texts: WebhookTexts[] = []
  const findings: Finding[] = []
  for (const { url, secret, format } of webhooks) {
    const written = [['url', url] as const, ...(secret ? [['secret', secret] as const] : [])]
    const resolved = await resolveTexts(written, environment)
    findings.push(...resolved.findings)
    const { url: resolvedUrl, secret: resolvedSecret } = resolved.texts
    if (resolvedUrl === undefined) continue
    texts.push({
      url: resolvedUrl,
      ...(resolvedSecret !== undefined && { secret: resolvedSecret }),
      ...(format && { format }),
    })
  }
  return { texts, findings }
}

/** The names of the variables of the process that the settings of a connection refer to. */
export function referredVariables({ connection }: ConfiguredEnvironment): ReadonlySet<string> {
  const names = Object.values(connection).flatMap(({ text }) => {
    const parsed = parseReferences(text)
    return 'parts' in parsed ? parsed.parts.flatMap((part) => (typeof part === 'object' ? [part.name] : [])) : []
  })
  return new Set(names)
}

async function resolveTexts(
  written: readonly (readonly [string, ConfiguredText])[],
  environment: Environment,
): Promise<Resolved<Readonly<Record<string, string>>>> {
  const texts = Object.create(null) as Record<string, string>
  const findings: Finding[] = []
  for (const [key, { text, location }] of new Map(written)) {
    const parsed = parseReferences(text)
    if ('malformed' in parsed) continue
    const values: string[] = []
    for (const part of parsed.parts) {
      if (typeof part === 'string') values.push(part)
      else {
        const result = await resolveReference(part, location.file, { environment, variables: {} })
        if ('text' in result) values.push(result.text)
        else findings.push(finding('environment-variable-not-set', { name: part.name }, location))
      }
    }
    if (values.length === parsed.parts.length) texts[key] = values.join('')
  }
  return { texts, findings }
}
