import { addressOf } from '../../../../model/address.ts'
import type { Policy } from '../../../../model/topology.ts'
import { replacePolicy, SHORTER } from '../fix-commands.ts'
import type { UpgradeContext } from '../upgrade-context.ts'
import type { UpgradeEffect, UpgradeFeature, UpgradeIssue } from '../upgrade-issue.ts'
import { featureOf, refusedFirst } from './refused.ts'

/**
 * Keys that a version still accepts, without the effect that they had: seen on RabbitMQ 3.10.8, 4.0.5 and 4.3.6. The
 * first version is that of the release notes.
 */
const SILENT_KEYS: Readonly<
  Record<
    string,
    {
      readonly since: string
      readonly effect: UpgradeEffect
      readonly feature: UpgradeFeature
      readonly message: string
    }
  >
> = {
  'queue-mode': {
    since: '3.12.0',
    effect: 'ignored',
    feature: 'lazy-queues',
    message: 'queue-mode has no effect: all classic queues write messages to disk early',
  },
  'queue-master-locator': {
    since: '4.0.0',
    effect: 'changed',
    feature: 'master-locator',
    message: 'a policy with queue-master-locator applies to no queue any more, not even with its other keys',
  },
  'max-in-memory-length': {
    since: '3.12.0',
    effect: 'ignored',
    feature: 'in-memory-limits',
    message: 'max-in-memory-length has no effect, and a classic queue is no longer matched by this policy',
  },
  'max-in-memory-bytes': {
    since: '3.12.0',
    effect: 'ignored',
    feature: 'in-memory-limits',
    message: 'max-in-memory-bytes has no effect, and a classic queue is no longer matched by this policy',
  },
}

/** Policies and operator policies with keys that a version refuses, ignores or interprets differently. */
export function* changedPolicies(context: UpgradeContext): Iterable<UpgradeIssue> {
  for (const kind of ['policy', 'operator-policy'] as const) {
    const policies = kind === 'policy' ? context.topology.policies : context.topology.operatorPolicies
    for (const policy of policies) yield* changedPolicy(context, kind, policy)
  }
}

function* changedPolicy(
  context: UpgradeContext,
  kind: 'policy' | 'operator-policy',
  policy: Policy,
): Iterable<UpgradeIssue> {
  const { issues, repaired } = judgePolicy(context, kind, policy)
  // One command fixes the whole policy.
  const commands = repaired === policy ? [] : [replacePolicy(kind, repaired)]
  for (const issue of issues) yield { ...issue, commands }
}

/** A policy after its commands: without the keys that an upgrade changes, and with a shorter pattern. */
export function repairedPolicy(context: UpgradeContext, policy: Policy): Policy {
  return judgePolicy(context, 'policy', policy).repaired
}

function judgePolicy(
  context: UpgradeContext,
  kind: 'policy' | 'operator-policy',
  policy: Policy,
): { readonly issues: readonly Omit<UpgradeIssue, 'commands'>[]; readonly repaired: Policy } {
  const address = addressOf(kind, policy)
  const issues: Omit<UpgradeIssue, 'commands'>[] = []
  let repaired = policy
  // The broker names one problem at a time, so the check is repeated without it.
  for (;;) {
    const found = refusedFirst(context, kind, repaired)
    if (found === undefined) break
    const [message, advice] = context.explain(found.what)
    const feature = featureOf(found.what)
    issues.push({ feature, effect: 'refused', since: found.series, stage: 'objects', address, message, advice })
    if (found.what.kind === 'expression-too-long') repaired = { ...repaired, pattern: SHORTER }
    else if ('key' in found.what && found.what.key !== undefined) repaired = without(repaired, found.what.key)
    else break
  }
  for (const [key, { since, effect, feature, message }] of Object.entries(SILENT_KEYS)) {
    const series = context.seriesWith(since)
    if (series === undefined || !Object.hasOwn(policy.definition, key)) continue
    const advice = 'remove the key'
    issues.push({ feature, effect, since: series, stage: 'objects', address, message, advice })
    repaired = without(repaired, key)
  }
  if (policy.definition['queue-version'] === 1) {
    const series = context.seriesWith('4.0.0')
    if (series !== undefined) {
      const message = 'queue-version 1 has no effect: version 2 is the only storage of classic queues'
      issues.push({
        feature: 'classic-storage',
        effect: 'ignored',
        since: series,
        stage: 'objects',
        address,
        message,
        advice: 'remove the key',
      })
      repaired = without(repaired, 'queue-version')
    }
  }
  return { issues, repaired }
}

function without(policy: Policy, removed: string): Policy {
  const definition = Object.fromEntries(Object.entries(policy.definition).filter(([key]) => key !== removed))
  return { ...policy, definition }
}
