import { nameProblem } from '../../model/names/name-problem.ts'
import type { Kind, ObjectOf } from '../../model/topology.ts'

/** The reason why no file can declare an object, judged by its names and arguments; undefined if a file can. */
export function undeclarableReason<K extends Kind>(kind: K, object: ObjectOf[K]): string | undefined {
  for (const { what, name } of namesOf(kind, object)) {
    const problem = nameProblem(name)
    if (problem !== undefined) return `${what} ${problem}`
  }
  const value = valueOf(kind, object)
  if (value === undefined) return undefined
  const isParameter = kind === 'parameter' || kind === 'global-parameter'
  const key = isParameter ? undefined : Object.keys(value as object).find((each) => each.includes('${'))
  if (key !== undefined) return `the name of its argument ${JSON.stringify(key)} would be read as a reference`
  if (!isParameter && holds(value, (each) => each === null))
    return 'an argument contains a null, which no request can write'
  // A larger number was already rounded when it was read.
  const isInexact = (each: unknown) => typeof each === 'number' && Math.abs(each) > Number.MAX_SAFE_INTEGER
  return holds(value, isInexact) ? 'it contains a number that is too large to be read exactly' : undefined
}

interface Named {
  readonly what: string
  readonly name: string
}

function namesOf<K extends Kind>(kind: K, object: ObjectOf[K]): readonly Named[] {
  const vhost = (each: { readonly vhost: string }): Named => ({
    what: 'the name of its virtual host',
    name: each.vhost,
  })
  switch (kind) {
    case 'vhost':
    case 'user':
    case 'global-parameter':
      return [{ what: 'its name', name: (object as ObjectOf['user']).name }]
    case 'binding':
      return [vhost(object as ObjectOf['binding'])]
    case 'permission':
    case 'topic-permission': {
      const { user } = object as ObjectOf['permission']
      return [vhost(object as ObjectOf['permission']), { what: 'the name of its user', name: user }]
    }
    case 'exchange':
    case 'queue':
    case 'policy':
    case 'operator-policy':
    case 'parameter': {
      const named = object as ObjectOf['queue']
      return [vhost(named), { what: 'its name', name: named.name }]
    }
  }
}

function valueOf<K extends Kind>(kind: K, object: ObjectOf[K]): unknown {
  switch (kind) {
    case 'exchange':
    case 'queue':
    case 'binding':
      return (object as ObjectOf['queue']).arguments
    case 'policy':
    case 'operator-policy': {
      const { definition, priority } = object as ObjectOf['policy']
      return { ...definition, priority }
    }
    case 'parameter':
    case 'global-parameter':
      return (object as ObjectOf['parameter']).value
    case 'vhost':
    case 'user':
    case 'permission':
    case 'topic-permission':
      return undefined
  }
}

function holds(value: unknown, isWanted: (value: unknown) => boolean): boolean {
  if (isWanted(value)) return true
  return typeof value === 'object' && value !== null && Object.values(value).some((each) => holds(each, isWanted))
}
