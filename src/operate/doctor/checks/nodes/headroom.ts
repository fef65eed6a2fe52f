import { withCommas } from '../../../../diagnostics/text/with-commas.ts'
import type { NodeHealth } from '../../../../broker/snapshot/health.ts'
import type { Check, Symptom } from '../../check.ts'

/** The share of a limit at which the check reports it. */
const NEARLY_FULL = 0.8
/** The check reports free disk space below this multiple of the limit. */
const NEARLY_NO_DISK = 2

export const headroom: Check = {
  id: 'headroom',
  title: 'nodes have memory, disk, file descriptors and processes left',
  needs: ['nodes'],
  *check({ last: { nodes = [] } }) {
    for (const node of nodes) {
      const { name: subject, memoryAlarm, diskAlarm, diskFree, diskFreeLimit } = node
      // The check `alarm` reports more about an alarm.
      if (!memoryAlarm) yield* nearly(subject, 'bytes of memory', node.memoryUsed, node.memoryLimit, MEMORY_ADVICE)
      yield* nearly(subject, 'file descriptors', node.filesUsed, node.filesLimit, FILES_ADVICE)
      yield* nearly(subject, 'Erlang processes', node.processesUsed, node.processesLimit, PROCESSES_ADVICE)
      if (diskAlarm || diskFree === undefined || diskFreeLimit === undefined) continue
      if (diskFree >= NEARLY_NO_DISK * diskFreeLimit) continue
      yield {
        severity: 'warning',
        subject,
        message: `${withCommas(diskFree)} bytes of disk are free, and below ${withCommas(diskFreeLimit)} the node blocks publishers`,
        numbers: { diskFree, diskFreeLimit },
        advice: 'free disk space, or make the disk larger',
      }
    }
  },
}

const MEMORY_ADVICE = 'consume what is in the queues, or give the node more memory (vm_memory_high_watermark)'
const FILES_ADVICE = 'raise the limit of the operating system (LimitNOFILE), or close unused connections'
const PROCESSES_ADVICE = 'close unused connections and channels, or raise the limit (+P)'

function* nearly(
  subject: string,
  what: string,
  used: NodeHealth['filesUsed'],
  limit: NodeHealth['filesLimit'],
  advice: string,
): Iterable<Symptom> {
  if (used === undefined || limit === undefined || limit === 0 || used < NEARLY_FULL * limit) return
  const percent = Math.round((used / limit) * 100)
  yield {
    severity: 'warning',
    subject,
    message: `${withCommas(used)} of ${withCommas(limit)} ${what} are used (${percent}%)`,
    numbers: { used, limit, percent },
    advice,
  }
}
