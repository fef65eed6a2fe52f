import { countOf } from '../../../../diagnostics/text/count-of.ts'
import type { Check } from '../../check.ts'

export const nodeDown: Check = {
  id: 'node-down',
  title: 'all nodes run, without a network partition',
  needs: ['nodes'],
  *check({ last: { nodes = [] } }) {
    for (const { name: subject, running, partitions } of nodes) {
      if (!running) {
        yield {
          severity: 'error',
          subject,
          message: 'the node is a member of the cluster and does not run',
          numbers: {},
          advice: 'start it, or remove it with: rabbitmqctl forget_cluster_node',
        }
      } else if (partitions > 0) {
        yield {
          severity: 'error',
          subject,
          message: `the node has lost ${countOf(partitions, 'node')} through a network partition`,
          numbers: { partitions },
          advice: 'restart the nodes of the smaller part, and choose a cluster_partition_handling',
        }
      }
    }
  },
}
