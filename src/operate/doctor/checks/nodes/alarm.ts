import { withCommas } from '../../../../diagnostics/text/with-commas.ts'
import type { NodeHealth } from '../../../../broker/snapshot/health.ts'
import type { Check, Symptom } from '../../check.ts'

export const alarm: Check = {
  id: 'alarm',
  title: 'no node has an alarm about memory or disk',
  needs: ['alarm', 'nodes'],
  *check({ last: { alarm: isInEffect, nodes = [] } }) {
    // The numbers of nodes are some seconds late, and still show an alarm that has ended.
    if (isInEffect === false) return
    const named = nodes.flatMap(alarmsOf)
    yield* named
    if (isInEffect !== true || named.length > 0) return
    yield {
      severity: 'error',
      message: 'an alarm is in effect, and the broker blocks publishers',
      numbers: {},
      advice: 'name it with: rabbitmq-diagnostics alarms',
    }
  },
}

function alarmsOf({ name, memoryAlarm, diskAlarm, ...node }: NodeHealth): Symptom[] {
  return [...(memoryAlarm ? [memory(name, node)] : []), ...(diskAlarm ? [disk(name, node)] : [])]
}

function memory(subject: string, { memoryUsed = 0, memoryLimit = 0 }: Partial<NodeHealth>): Symptom {
  return {
    severity: 'error',
    subject,
    message: `the memory alarm is in effect: ${withCommas(memoryUsed)} of ${withCommas(memoryLimit)} bytes are used, and publishers are blocked`,
    numbers: { memoryUsed, memoryLimit },
    advice: 'consume what is in the queues, or give the node more memory (vm_memory_high_watermark)',
  }
}

function disk(subject: string, { diskFree = 0, diskFreeLimit = 0 }: Partial<NodeHealth>): Symptom {
  return {
    severity: 'error',
    subject,
    message: `the disk alarm is in effect: ${withCommas(diskFree)} bytes are free, the limit is ${withCommas(diskFreeLimit)}, and publishers are blocked`,
    numbers: { diskFree, diskFreeLimit },
    advice: 'free disk space, or make the disk larger (disk_free_limit)',
  }
}
