/** The allowed values of headers. */
export const HEADER_HINT = 'use text, numbers, true, false, null, Buffers, lists and plain objects'

/**
 * Why a header cannot be sent unchanged; undefined if it can. The broker closes the whole connection when it reads
 * Infinity in a header, and amqplib writes an empty table for a Date, a Map and other objects without properties.
 */
export function headerProblem(value: unknown, depth = 0): string | undefined {
  switch (typeof value) {
    case 'number':
      return Number.isFinite(value) ? undefined : 'holds a number that is not finite'
    case 'object':
      return value === null ? undefined : objectProblem(value, depth)
    case 'bigint':
    case 'function':
    case 'symbol':
      return `holds a ${typeof value}, which AMQP does not support`
    case 'string':
    case 'boolean':
    case 'undefined':
      return undefined
  }
}

/** A value that contains itself has no end; the encoder refuses it. */
const DEEPEST = 100

function objectProblem(value: object, depth: number): string | undefined {
  if (Buffer.isBuffer(value) || depth > DEEPEST) return undefined
  const [, type = 'Object'] = /^\[object (.*)\]$/.exec(Object.prototype.toString.call(value)) ?? []
  if (type !== 'Object' && type !== 'Array') return `holds a value of type ${type}, which AMQP does not support`
  for (const each of Object.values(value)) {
    const problem = headerProblem(each, depth + 1)
    if (problem !== undefined) return problem
  }
  return undefined
}
