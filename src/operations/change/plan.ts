import { ManagementClient } from '../../broker/management/client.ts'
import type { Topology } from '../../model/topology.ts'
import { type AmqpLink, closeAmqp, openAmqp } from '../session/amqp-link.ts'
import { enteredVhosts } from './entered-vhosts.ts'
import { modeOf, type ModeOptions } from './mode-options.ts'
import { surveyOfPlan, type UnmanagedOptions } from './survey-of-plan.ts'
import type { BrokerOptions, DefinitionsOptions, TopologyOptions } from '../session/options.ts'
import { reachBroker } from '../session/reach-broker.ts'
import { planAgainst } from './plan-against.ts'
import { planWith, type RunSettings } from './plan-with.ts'
import { loadForPlan, ownershipIn, type Planned, plannedEnvironment, shownPlan } from './planned.ts'
import { takeOversOf } from '../../plan/saved/saved-take-overs.ts'
import { lintPlan, type PlanLintOptions, withJudgedNotes } from './lint-plan.ts'
import { ownershipAfter } from '../../broker/records/hand-over.ts'
import { readAhead } from '../session/read-ahead.ts'

export { isPending } from '../../plan/ownership/ownership-changes.ts'
export type { Planned } from './planned.ts'
import { withSecrets } from '../session/with-secrets.ts'

/**
 * Compares the files with the live broker, or, with `against`, with exported definitions.
 *
 * @throws {InvalidInputError} when the files are invalid, even if the broker does not answer
 * @throws {UnreachableError} when the broker cannot be reached
 */
export async function plan(
  options: TopologyOptions & ModeOptions & PlanLintOptions & UnmanagedOptions & (BrokerOptions | DefinitionsOptions),
): Promise<Planned> {
  return withSecrets(options, (own) => ('against' in own ? planAgainst(own) : planLive(own)))
}

/**
 * Plans one of several runs of a workspace.
 *
 * @param inRun the objects that the other projects of its environment declare and delete
 */
export async function planInRun(
  options: TopologyOptions & ModeOptions & PlanLintOptions & UnmanagedOptions & BrokerOptions,
  inRun: RunSettings,
): Promise<Planned> {
  return withSecrets(options, (own) => planLive(own, inRun))
}

async function planLive(
  options: TopologyOptions & ModeOptions & PlanLintOptions & UnmanagedOptions & BrokerOptions,
  inRun: RunSettings = {},
): Promise<Planned> {
  const client = new ManagementClient(options.connection, options.secrets, options.sharedReads)
  let link: AmqpLink | undefined
  try {
    // An apply reads only while it holds the lock.
    const beforeParsing = (texts: Iterable<string>) => readAhead(client, texts, options.vhosts)
    const loaded = await loadForPlan({ ...options, beforeParsing }, inRun.otherProjects)
    const { desired, files, sources } = loaded
    await reachBroker(client, options)
    const mode = modeOf(options)
    const { plan: made, live } = await planWith(client, {
      desired,
      files,
      ...plannedEnvironment(options),
      mode,
      ...inRun,
      entered: await enteredVhosts(client, desired, mode),
      link: async ({ topology }) => {
        const there = vhostNames(topology)
        const vhost = desired.topology.vhosts.find(({ name }) => there.includes(name))
        return (link ??= await openAmqp(client, options.connection, vhost?.name ?? '/', options.amqp))
      },
    })
    const plan = await withJudgedNotes(made, loaded, options.rules)
    const survey = options.showUnmanaged === true && {
      survey: await surveyOfPlan(client, plan, live, { desired: desired.topology, ...inRun }),
    }
    const { ownership } = ownershipIn(live, desired.project, desired.topology)
    return {
      plan: shownPlan(plan, client.secrets),
      ...(await lintPlan(loaded, plan, options.lint, inRun.otherProjects)),
      sources,
      live: live.topology,
      ...survey,
      // A saved plan is bound to the owners after its own hand-overs.
      ...(ownership && { ownership: ownershipAfter(ownership, takeOversOf(plan.ownership.records)) }),
      ...(inRun.declaredByRun && { declaredByRun: inRun.declaredByRun }),
    }
  } finally {
    await closeAmqp(link)
    await client.close()
  }
}

function vhostNames({ vhosts }: Topology): string[] {
  return vhosts.map(({ name }) => name)
}
