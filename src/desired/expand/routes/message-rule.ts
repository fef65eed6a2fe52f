import type { MessageSection } from '../../declaration/document.ts'
import type { MessageRule } from '../../../model/routes.ts'
import { placeOf, type ExpandContext } from '../expand-context.ts'
import { readSize } from '../values/quantity.ts'

/** Makes the rule for the messages of a route, with the schema itself instead of its path. */
export function expandMessage(scope: ExpandContext, message: MessageSection | undefined): MessageRule | undefined {
  if (!message) return undefined
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

function schemaOf(scope: ExpandContext, message: MessageSection): { schema?: unknown } {
  if (message.schema === undefined) return {}
  const read = scope.readSchema(message.schema, scope.locate(message, 'schema', 'value'))
  if ('schema' in read) return { schema: read.schema }
  scope.report(read.finding)
  return {}
}
