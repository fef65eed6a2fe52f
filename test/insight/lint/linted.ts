import type { Routes } from '../../../src/model/routes.ts'
import type { Topology } from '../../../src/model/topology.ts'
import { lintTopology } from '../../../src/insight/lint/lint.ts'
import type { RuleSetting } from '../../../src/insight/lint/lint-settings.ts'
import { topology } from '../../builders/objects.ts'

/** A topology for one rule, with the expected findings. */
export interface LintCase {
  /** Ends the sentence "finds …" or "leaves … alone". */
  readonly what: string
  readonly objects?: Partial<Topology>
  readonly routes?: Partial<Routes>
  readonly version?: string
  readonly options?: Readonly<Record<string, unknown>>
  /** The project of the files. */
  readonly project?: string
  /** Parts of the expected messages, in order; none if the rule reports nothing. */
  readonly finds?: readonly string[]
}

/** The messages of one rule about a topology, each with the address of its object. */
export function messagesOf(rule: string, { objects, routes, version = '4.3.6', options, project }: LintCase): string[] {
  const setting: RuleSetting = { severity: 'warning', options: options ?? {} }
  const { findings } = lintTopology(
    {
      topology: topology(objects),
      routes: { publications: [], subscriptions: [], ...routes },
      version,
      ...(project !== undefined && { project }),
    },
    { rules: { [rule]: setting }, ignore: [] },
  )
  return findings
    .filter((each) => each.rule === rule)
    .map(({ address = '', message }) => `${address} ${message}`.trim())
}
