import type { MessageSection, PublicationSection } from '../../declaration/document.ts'
import type { Location } from '../../../diagnostics/location.ts'
import { finding } from '../../../diagnostics/findings/finding.ts'
import { type MessageRule, olderVersions, VERSION_HEADER } from '../../../model/routes.ts'
import { placeOf, type ExpandContext } from '../expand-context.ts'
import { readSize } from '../values/quantity.ts'

/** Makes the rule for the messages of a publication, which accepts no messages. */
export function expandPublished(scope: ExpandContext, message: MessageSection | undefined): MessageRule | undefined {
  if (!message) return undefined
  const { version } = versionsOf(scope, message)
  return { ...expandBody(scope, message), ...(version !== undefined && { version }) }
}

/** Makes the rule for the messages of a subscription. */
export function expandAccepted(scope: ExpandContext, message: MessageSection | undefined): MessageRule | undefined {
  if (!message) return undefined
  const versions = versionsOf(scope, message)
  return { ...expandBody(scope, message), ...versions, ...schemasOf(scope, message, olderVersions(versions)) }
}

/** Makes the rule for bodies, with the schema itself instead of its path. */
function expandBody(scope: ExpandContext, message: MessageSection): MessageRule {
  const { contentType, encoding, maxBytes } = message
  const bytes =
    maxBytes === undefined
      ? undefined
      : readSize(maxBytes, placeOf(scope, message, 'maxBytes'), { minimum: 1, maximum: Number.MAX_SAFE_INTEGER })
  return {
    ...schemaOf(scope, message),
    ...(contentType !== undefined && { contentType }),
    ...(encoding !== undefined && { encoding }),
    ...(bytes !== undefined && { maxBytes: bytes }),
  }
}

/** Adds the header with the version to those that every message of a publication has. */
export function withVersion(
  scope: ExpandContext,
  headers: PublicationSection['headers'],
  version: number | undefined,
): NonNullable<PublicationSection['headers']> {
  if (version === undefined) return headers ?? {}
  if (headers !== undefined && Object.hasOwn(headers, VERSION_HEADER)) {
    scope.report(finding('version-header-declared', {}, scope.locate(headers, VERSION_HEADER)))
  }
  return { ...headers, [VERSION_HEADER]: version }
}

/** Without `accepts`, only `version` is accepted. Without `version`, the schema has the latest accepted one. */
function versionsOf(scope: ExpandContext, message: MessageSection): Pick<MessageRule, 'version' | 'accepts'> {
  if (message.version === undefined && message.accepts === undefined) return {}
  const accepts = [...new Set(message.accepts ?? [message.version ?? 0])].toSorted((a, b) => a - b)
  const version = message.version ?? Math.max(...accepts)
  if (!accepts.includes(version)) {
    scope.report(finding('version-not-accepted', { version, accepts }, scope.locate(message, 'accepts', 'value')))
  }
  return { version, accepts }
}

function schemaOf(scope: ExpandContext, message: MessageSection): { schema?: unknown } {
  return message.schema === undefined ? {} : readSchema(scope, message.schema, scope.locate(message, 'schema', 'value'))
}

/** Reads the schemas of accepted older versions. */
function schemasOf(
  scope: ExpandContext,
  { schemas: declared }: MessageSection,
  older: readonly number[],
): Pick<MessageRule, 'schemas'> {
  if (declared === undefined) return {}
  const schemas: Record<string, unknown> = {}
  for (const [version, path] of Object.entries(declared)) {
    if (older.some((each) => String(each) === version)) {
      const read = readSchema(scope, path, scope.locate(declared, version, 'value'))
      if ('schema' in read) schemas[version] = read.schema
    } else scope.report(finding('schema-of-other-version', { version, older }, scope.locate(declared, version)))
  }
  return { schemas }
}

function readSchema(scope: ExpandContext, path: string, location: Location): { schema?: unknown } {
  const read = scope.readSchema(path, location)
  if ('schema' in read) return { schema: read.schema }
  scope.report(read.finding)
  return {}
}
