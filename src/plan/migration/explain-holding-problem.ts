import type { HoldingProblem } from './holding-problem.ts'

/** Why the messages of a queue cannot be moved, and what to do about it; both follow "its messages cannot be moved". */
export function explainHoldingProblem(problem: HoldingProblem): { readonly because: string; readonly remedy: string } {
  switch (problem.problem) {
    case 'stream':
      return {
        because: 'reading a stream does not remove its messages',
        remedy: 'declare a new stream in addition to it, and move the programs to it',
      }
    case 'auto-delete':
      return {
        because: 'it is deleted with its last consumer',
        remedy: 'stop its consumers, which deletes it, and run the command again',
      }
    case 'policy': {
      const { policy, keys, holding, uncertain } = problem
      return {
        because:
          `the queue ${JSON.stringify(holding)}, in which they would wait, could lose messages: ` +
          `${policy} ${uncertain ? 'may hold' : 'holds'} for it with ${keys.join(', ')}`,
        remedy: 'raise the limit, or give the policy a pattern that does not match that name until the move is done',
      }
    }
    case 'new-queue-too-short': {
      const { key, size, limit } = problem
      const unit = key === 'max-length' ? 'messages' : 'bytes'
      return {
        because: `there are ${size} ${unit}, and the new queue would drop all but ${limit} (${key})`,
        remedy:
          'raise the limit, let the queue refuse further messages (overflow: reject-publish), or let consumers take the rest first',
      }
    }
  }
}
