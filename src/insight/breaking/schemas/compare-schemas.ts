import { type Accepts, loadAcceptance } from './acceptance.ts'
import { messagesFor } from './generate-messages.ts'
import { canonicalSchema } from './keywords.ts'
import { isProvenAccepted } from './prove-accepted.ts'

/** Whether every message that satisfies one schema satisfies another. */
export type SchemaVerdict =
  | { readonly verdict: 'compatible' }
  /** With a message that the first schema accepts and the second refuses. */
  | { readonly verdict: 'breaking'; readonly counterexample: unknown }
  /** Neither a proof nor a message was found. */
  | { readonly verdict: 'undecided' }

/** Compares two schemas; an absent schema accepts every message. */
export type CompareSchemas = (sent: unknown, accepted: unknown) => SchemaVerdict

/**
 * Loads the comparison of message schemas. It understands a subset of JSON Schema: types, listed values, bounds,
 * properties, items, `allOf`, `anyOf`, `oneOf` with distinct types, and local references. For other schemas, it
 * searches for a message that the second schema refuses, and otherwise returns no verdict.
 */
export async function loadSchemaComparison(): Promise<CompareSchemas> {
  const compile = await loadAcceptance()
  const compiled = new Map<unknown, Accepts | undefined>()
  const acceptanceOf = (schema: unknown) => {
    if (!compiled.has(schema)) compiled.set(schema, compile(schema))
    return compiled.get(schema)
  }
  return (sent = true, accepted = true) => {
    if (canonicalSchema(sent) === canonicalSchema(accepted)) return { verdict: 'compatible' }
    const [isSent, isAccepted] = [acceptanceOf(sent), acceptanceOf(accepted)]
    if (isSent === undefined || isAccepted === undefined) return { verdict: 'undecided' }
    if (isProvenAccepted(sent, accepted)) return { verdict: 'compatible' }
    const counterexample = messagesFor(sent, accepted).find((each) => isSent(each) && !isAccepted(each))
    return counterexample === undefined ? { verdict: 'undecided' } : { verdict: 'breaking', counterexample }
  }
}
