import { withCommas } from '../../diagnostics/text/with-commas.ts'
import type { Kept, Plan } from '../../plan/plan.ts'
import type { Style } from '../words/style.ts'

/** What a prune or destroy leaves where it is, and why. */
export function keptText({ kept }: Plan, style: Style): string[] {
  if (kept.length === 0) return []
  return [[style.strong('Kept'), ...kept.map((each) => `  ${each.address}\n      ${whyKept(each)}`)].join('\n')]
}

function whyKept(kept: Kept): string {
  switch (kept.reason) {
    case 'waiting':
      return `kept, ${withCommas(kept.messages)} waiting; a later prune deletes it when it is empty`
    case 'vhost':
      return `kept; delete it, with all that is in it, with  --allow delete=${kept.address}`
    case 'shared':
      return 'kept, since another record of ownership names it too'
  }
}
