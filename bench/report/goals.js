import { median } from '../measure/statistics.js'
import { ratioOf } from './tables.js'

/**
 * The goals, and how the figure of each is computed.
 *
 * @typedef {object} Goal
 * @property {string} goal
 * @property {'at most' | 'at least'} bound
 * @property {number} limit
 * @property {(find: Find) => number | undefined} figure undefined if it was not measured
 *
 * @callback Find
 * @param {string} work
 * @param {string} subject
 * @returns {import('./row.js').Row | undefined}
 */

const BIG = '10,000 queues + 10,000 bindings'

/** @type {readonly Goal[]} */
const GOALS = [
  {
    goal: `plan, nothing to do, ${BIG}: time of the bare reads`,
    bound: 'at most',
    limit: 1.25,
    figure: ratio(`plan, nothing to do, ${BIG}`, 'warren', 'bare requests', 'seconds'),
  },
  {
    goal: `plan, nothing to do, ${BIG}: peak MB`,
    bound: 'at most',
    limit: 300,
    figure: figureOf(`plan, nothing to do, ${BIG}`, 'warren', 'megabytes'),
  },
  {
    goal: `apply, all new, ${BIG}: time of the bare writes at the best concurrency`,
    bound: 'at most',
    limit: 1.15,
    figure: ratio(`apply, all new, ${BIG}`, 'warren', 'bare requests', 'seconds'),
  },
  {
    goal: `apply, all new, ${BIG}: speed against the definitions import`,
    bound: 'at least',
    limit: 1.3,
    figure: ratio(`apply, all new, ${BIG}`, 'definitions import', 'warren', 'seconds'),
  },
  {
    goal: `apply again after 1 % changed, ${BIG}: time of the plan and the bare writes of that 1 %`,
    bound: 'at most',
    limit: 1.3,
    figure: (find) => {
      const [apply, plan] = ['apply', 'plan'].map((verb) => find(`${verb}, 1 % changed, ${BIG}`, 'warren'))
      const writes = find(`apply, 1 % changed, ${BIG}`, 'bare requests')
      if (!apply || !plan || !writes) return undefined
      return medianOf(apply, 'seconds') / (medianOf(plan, 'seconds') + medianOf(writes, 'seconds'))
    },
  },
  {
    goal: 'migrate 50 queues with 2,000 messages each: time of bare AMQP',
    bound: 'at most',
    limit: 1.3,
    figure: ratio('migrate 50 queues with 2,000 messages each', 'warren', 'bare AMQP', 'seconds'),
  },
  ...readingGoals('survey', 'the bare reads', 1.5),
  ...readingGoals('export', 'the bare reads and the writing of the files', 3),
  {
    goal: 'load 50,000 objects: time of the bare parse of `yaml`',
    bound: 'at most',
    limit: 1.6,
    figure: ratio('load, 50,000 objects', 'warren', 'yaml', 'seconds'),
  },
  {
    goal: 'plan 50,000 objects, all new: CPU s',
    bound: 'at most',
    limit: 1,
    figure: figureOf('plan without a broker, 50,000 objects', 'warren, all new', 'cpu'),
  },
  {
    goal: 'load, from 5,000 to 50,000 objects: growth of the CPU for each object',
    bound: 'at most',
    limit: 1.2,
    figure: growth('load', 'warren'),
  },
  ...['lint', 'trace', 'test', 'breaking'].flatMap((work) => [
    {
      goal: `${work}, 10,000 queues: CPU s`,
      bound: 'at most',
      limit: 2,
      figure: figureOf(`${work}, 10,000 queues`, 'warren', 'cpu'),
    },
    {
      goal: `${work}, from 1,000 to 10,000 queues: growth of the CPU for each queue`,
      bound: 'at most',
      limit: 1.2,
      figure: growth(work, 'warren', ['1,000 queues', '10,000 queues']),
    },
  ]),
  {
    goal: 'publish confirmed, classic: speed against amqplib',
    bound: 'at least',
    limit: 0.95,
    figure: ratio('publish, classic', 'warren', 'amqplib', 'perSecond'),
  },
  {
    goal: 'publish confirmed, classic: CPU against amqplib',
    bound: 'at most',
    limit: 1.15,
    figure: ratio('publish, classic', 'warren', 'amqplib', 'cpuEach'),
  },
  {
    goal: 'publish confirmed, quorum: speed against amqplib',
    bound: 'at least',
    limit: 0.95,
    figure: ratio('publish, quorum', 'warren', 'amqplib', 'perSecond'),
  },
  {
    goal: 'consume, classic: speed against amqplib',
    bound: 'at least',
    limit: 0.95,
    figure: ratio('consume, classic', 'warren', 'amqplib', 'perSecond'),
  },
  {
    goal: 'consume, classic: CPU against amqplib',
    bound: 'at most',
    limit: 1.15,
    figure: ratio('consume, classic', 'warren', 'amqplib', 'cpuEach'),
  },
  {
    goal: 'consume, quorum: speed against amqplib',
    bound: 'at least',
    limit: 0.95,
    figure: ratio('consume, quorum', 'warren', 'amqplib', 'perSecond'),
  },
  {
    goal: 'request and reply, classic: speed against amqplib',
    bound: 'at least',
    limit: 0.9,
    figure: ratio('request and reply, classic', 'warren', 'amqplib', 'perSecond'),
  },
  {
    goal: 'consume into PostgreSQL in batches of 100: speed against one message at a time',
    bound: 'at least',
    limit: 1.3,
    figure: ratio('consume 20,000 messages into PostgreSQL', 'batches of 100', 'one message at a time', 'perSecond'),
  },
  {
    goal: 'start of a program to its first confirm: ms more than amqplib',
    bound: 'at most',
    limit: 60,
    figure: difference('start to the first confirm', 'warren', 'amqplib', 'milliseconds'),
  },
  {
    goal: '`validate` of a small file: time of `node -e 0`',
    bound: 'at most',
    limit: 3,
    figure: ratio('start', 'warren validate', 'node -e 0', 'milliseconds'),
  },
  {
    goal: 'apply, all new, 100 queues: speed against Ansible',
    bound: 'at least',
    limit: 50,
    figure: ratio('apply, all new, 100 queues + 100 bindings', 'Ansible modules', 'warren', 'seconds'),
  },
  {
    goal: 'plan, nothing to do, 100 queues: speed against Ansible',
    bound: 'at least',
    limit: 50,
    figure: ratio('plan, nothing to do, 100 queues + 100 bindings', 'Ansible modules', 'warren', 'seconds'),
  },
  {
    goal: 'apply, all new, 1,000 queues: speed against the Terraform-shaped model',
    bound: 'at least',
    limit: 3,
    figure: ratio('apply, all new, 1,000 queues + 1,000 bindings', 'Terraform-shaped model', 'warren', 'seconds'),
  },
  {
    goal: 'plan, nothing to do, 1,000 queues: speed against the Terraform-shaped model',
    bound: 'at least',
    limit: 3,
    figure: ratio('plan, nothing to do, 1,000 queues + 1,000 bindings', 'Terraform-shaped model', 'warren', 'seconds'),
  },
]

/**
 * Compares each goal with the measurements on each broker.
 *
 * @param {readonly import('./row.js').Row[]} rows
 */
export function judgedGoals(rows) {
  const brokers = [...new Set(rows.map(({ on }) => on))]
  return GOALS.flatMap(({ goal, bound, limit, figure }) =>
    brokers.flatMap((on) => {
      const value = figure((work, subject) =>
        rows.find((row) => row.on === on && row.work === work && row.subject === subject),
      )
      if (value === undefined) return []
      const met = bound === 'at most' ? value <= limit : value >= limit
      return [{ goal, on, bound, limit, measured: value, met }]
    }),
  )
}

/** @param {ReturnType<typeof judgedGoals>} goals */
export function goalsTable(goals) {
  if (goals.length === 0) return ''
  const lines = goals.map(({ goal, on, bound, limit, measured, met }) => {
    const verdict = met ? 'met' : `missed by ${Math.round(Math.abs(measured / limit - 1) * 100)} %`
    return `| ${goal} | ${on || '–'} | ${bound} ${limit} | ${measured.toFixed(2)} | ${verdict} |`
  })
  return ['## Goals', '', '| goal | on | bound | measured | |', '| --- | --- | --- | ---: | --- |', ...lines, ''].join(
    '\n',
  )
}

/**
 * The goals for the time and the memory of a task that reads a whole broker.
 *
 * @param {string} work
 * @param {string} against what its time is compared with
 * @param {number} limit
 * @returns {Goal[]}
 */
function readingGoals(work, against, limit) {
  return [
    {
      goal: `${work}, ${BIG}: time of ${against}`,
      bound: 'at most',
      limit,
      figure: ratio(`${work}, ${BIG}`, 'warren', 'bare requests', 'seconds'),
    },
    {
      goal: `${work}, ${BIG}: peak MB`,
      bound: 'at most',
      limit: 500,
      figure: figureOf(`${work}, ${BIG}`, 'warren', 'megabytes'),
    },
  ]
}

function ratio(work, subject, against, name) {
  return (find) => {
    const [row, reference] = [find(work, subject), find(work, against)]
    return row && reference && ratioOf(row, reference, name)
  }
}

function figureOf(work, subject, name) {
  return (find) => {
    const row = find(work, subject)
    return row && medianOf(row, name)
  }
}

function difference(work, subject, from, name) {
  return (find) => {
    const [row, reference] = [find(work, subject), find(work, from)]
    return row && reference && medianOf(row, name) - medianOf(reference, name)
  }
}

/** The figure for ten times the size. */
function growth(work, subject, sizes = ['5,000 objects', '50,000 objects']) {
  return (find) => {
    const [small, large] = sizes.map((size) => find(`${work}, ${size}`, subject))
    return small && large && medianOf(large, 'cpu') / 10 / medianOf(small, 'cpu')
  }
}

function medianOf({ samples }, name) {
  return median(samples.flatMap((sample) => sample[name] ?? []))
}
