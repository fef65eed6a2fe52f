import { declare, type DeclareInput } from '../../../src/desired/declaration/declare.ts'
import type { Declaration } from '../../../src/desired/declaration/document.ts'
import { explainFinding as sentenceOf, type Finding } from '../../../src/diagnostics/findings/finding.ts'
import { formatLocation } from '../../../src/diagnostics/location.ts'

type Options = Partial<Omit<DeclareInput, 'sources' | 'overlays'>>

/** The first lines of every document of a test, which takes up lines 1 and 2. */
export const HEAD = 'warren: 1\nproject: shop\n'

/** The sections that are empty in most tests. */
export const NO_POLICIES = {
  policies: {},
  operatorPolicies: {},
  parameters: {},
  globalParameters: {},
  shovels: {},
  federationUpstreams: {},
  federationUpstreamSets: {},
  superStreams: {},
}

/** Declares files by path; a single text becomes `t.yaml`. */
export function declareFiles(
  files: string | Readonly<Record<string, string>>,
  overlays: Readonly<Record<string, string>> = {},
  options: Options = {},
): ReturnType<typeof declare> {
  const named = typeof files === 'string' ? { 't.yaml': files } : files
  return declare({
    sources: Object.entries(named).map(([path, text]) => ({ path, text })),
    overlays: Object.entries(overlays).map(([path, text]) => ({ path, text })),
    environment: {},
    variables: {},
    vhosts: {},
    ...options,
  })
}

/** The declaration of files without mistakes. */
export async function declaration(...args: Parameters<typeof declareFiles>): Promise<Declaration> {
  const result = await declareFiles(...args)
  if (!result.declaration) throw new Error(result.findings.map(messageOf).join('\n'))
  return result.declaration
}

/** The findings, one line each: position, code, message. */
export async function findingsOf(...args: Parameters<typeof declareFiles>): Promise<string[]> {
  return (await declareFiles(...args)).findings.map(messageOf)
}

/** A finding as one line. */
export function messageOf(found: Finding): string {
  const place = found.location ? `${formatLocation(found.location)} ` : ''
  return `${place}${found.code}: ${sentenceOf(found).message}`
}

/** The hints of the findings. */
export async function hintsOf(...args: Parameters<typeof declareFiles>): Promise<(string | undefined)[]> {
  return (await declareFiles(...args)).findings.map((found) => sentenceOf(found).hint)
}

/** Plain data with prototypes, for comparisons. */
export function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value))
}
