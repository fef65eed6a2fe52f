import { argumentProblem, type ArgumentProblem } from '../../../../model/broker-tables/argument-problem.ts'
import { describeRule } from '../../../../model/broker-tables/value-rule.ts'
import { about, type Rule } from '../../rule.ts'

export const queueArgumentRefused: Rule = {
  id: 'queue-argument-refused',
  group: 'versions',
  severity: 'error',
  meaning: 'This version of the broker refuses to declare a queue of this type with this argument.',
  remedy: 'Remove the argument, correct its value, or choose a type of queue that takes it.',
  *check({ topology, version }) {
    for (const queue of topology.queues) {
      if (queue.external) continue
      for (const name of Object.keys(queue.arguments)) {
        const problem = argumentProblem(queue.type, name, queue.arguments, version)
        if (problem === undefined) continue
        const type = queue.type === undefined ? 'a queue' : `the ${queue.type} queue`
        yield about('queue', queue, `RabbitMQ ${version} refuses ${type} "${queue.name}": ${wordsOf(name, problem)}`)
      }
    }
  },
}

function wordsOf(name: string, problem: ArgumentProblem): string {
  switch (problem.kind) {
    case 'value':
      return `${name} has to be ${describeRule(problem.expected)}`
    case 'needs':
      return `${name} needs ${problem.argument}`
    case 'type':
      return problem.types.length === 0
        ? `no type of queue has ${name}`
        : `${name} is for ${problem.types.join(' and ')} queues`
  }
}
