import type { Check } from '../../check.ts'

export const quorumMajority: Check = {
  id: 'quorum-majority',
  title: 'quorum queues and streams have a majority of their members',
  needs: ['queues'],
  *check(context) {
    for (const checked of context.queues()) {
      const { members = [], online = [], hasMajority = true } = context.now(checked) ?? {}
      if (hasMajority) continue
      const missing = members.filter((each) => !online.includes(each))
      yield {
        severity: 'error',
        address: checked.address,
        message: `${online.length} of ${members.length} members are online, which is not a majority: the queue accepts and delivers nothing (offline: ${missing.join(', ')})`,
        numbers: { members: members.length, online: online.length },
        advice: 'start the missing nodes; never delete the queue in this state',
      }
    }
  },
}
