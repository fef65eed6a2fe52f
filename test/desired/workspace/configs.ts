import type { WorkspaceConfig } from '../../../src/desired/workspace/config.ts'
import { parseConfig } from '../../../src/desired/workspace/read-config.ts'
import { explainFinding } from '../../../src/diagnostics/findings/finding.ts'

/** Parses the text of a config without mistakes. */
export function configOf(text: string, path = 'warren.config.yaml'): WorkspaceConfig {
  const { config } = parseConfig({ path, text: `warrenConfig: 1\n${text}` })
  if (config === undefined) throw new Error(problemsOf(text).join('\n'))
  return config
}

/** The findings about a config, as `line:column message (hint)`; its text begins at line 2. */
export function problemsOf(text: string): string[] {
  const { findings } = parseConfig({ path: 'warren.config.yaml', text: `warrenConfig: 1\n${text}` })
  return findings.map((found) => {
    const { message, hint } = explainFinding(found)
    return `${found.location?.line}:${found.location?.column} ${message} (${hint})`
  })
}
