import { matchesGlob } from '../../model/names/matches-glob.ts'
import type { Block } from '../block.ts'
import { requiresOf } from '../order/waves.ts'
import type { PlanMode } from '../plan-mode.ts'
import type { NotCompared } from '../plan.ts'
import type { Step } from '../steps/step.ts'
import { isWrite } from '../steps/subject.ts'

/** Whether a plan is narrowed to a part of the topology. */
export function isPartial({ targets, excludes }: Pick<PlanMode, 'targets' | 'excludes'>): boolean {
  return targets.length > 0 || excludes.length > 0
}

/** Keeps only steps that match `--target` and `--exclude`. The kept steps must not need steps that were left out. */
export function narrow(steps: readonly Step[], mode: PlanMode): readonly Step[] {
  if (!isPartial(mode)) return steps
  const isMeant = (step: Step) => isWithin(mode, namesOf(step))
  const left = new Set(steps.flatMap((step) => (isMissing(step) && !isMeant(step) ? [step.address] : [])))
  return steps.filter(isMeant).map((step) => withMissing(step, left))
}

/** Keeps only uncompared objects that match `--target` and `--exclude`. */
export function narrowNotCompared(left: readonly NotCompared[], mode: PlanMode): NotCompared[] {
  return left
    .map(({ what, addresses }) => ({ what, addresses: addresses.filter((each) => isWithin(mode, [each])) }))
    .filter(({ addresses }) => addresses.length > 0)
}

/** Whether a narrowed plan includes an object with one of these addresses. */
export function isWithin(
  { targets, excludes }: Pick<PlanMode, 'targets' | 'excludes'>,
  addresses: readonly string[],
): boolean {
  const meets = (glob: string) => addresses.some((each) => matchesGlob(each, glob))
  return (targets.length === 0 || targets.some(meets)) && !excludes.some(meets)
}

/** The address of a step, and the old address if it renames an object. */
export function namesOf({ address, change }: Step): readonly string[] {
  return change?.action === 'rename' ? [address, change.from] : [address]
}

/** Whether an object may be missing on the broker, permanently or because a stopped run was recreating it. */
function isMissing({ change }: Step): boolean {
  if (change === undefined) return false
  return change.action === 'create' || ('resumes' in change && change.resumes)
}

/** Adds a block that names missing objects of a narrowed plan, before the broker refuses the change. */
function withMissing(step: Step, left: ReadonlySet<string>): Step {
  const { change, address } = step
  if (change === undefined || !isWrite(change)) return step
  const missing = requiresOf(change)
    .filter((each) => left.has(each))
    .map((requires): Block => ({ reason: 'target-requires', address, requires }))
  return missing.length === 0 ? step : { ...step, blocks: [...(step.blocks ?? []), ...missing] }
}
