import { literally } from '../../../model/values/name-pattern.ts'

/** The meaning of a string for the broker, which decides how a value is inserted into it. */
export type TextContext = 'plain' | 'pattern' | 'uri' | 'routingKey' | 'publishedKey'

/** The keys that lead from the document to a string. */
export type TextPath = readonly (string | number)[]

const URI_KEY = /(^|-)uri$/
const URI_TEXT = /^[a-z][a-z0-9+.-]*:\/\//i

/** The meaning of the text at a path of a document. */
export function contextOf(path: TextPath, text: string): TextContext {
  if (isPattern(path)) return 'pattern'
  const key = path.findLast((each): each is string => typeof each === 'string') ?? ''
  if (key === 'routingKey') return path[0] === 'publications' || path[0] === 'requests' ? 'publishedKey' : 'routingKey'
  return URI_TEXT.test(text) || URI_KEY.test(key) ? 'uri' : 'plain'
}

function isPattern([section, , property, inner, last]: TextPath): boolean {
  if (section === 'users') {
    return property === 'permissions' || (property === 'topicPermissions' && last !== undefined)
  }
  if (section !== 'policies' && section !== 'operatorPolicies') return false
  return property === 'pattern' || (property === 'definition' && inner === 'federation-upstream-pattern')
}

/** A value, escaped for such a string. */
export function escapedFor(context: TextContext, value: string): string {
  switch (context) {
    case 'pattern':
      return literally(value).join('')
    case 'uri':
      return encodeURIComponent(value)
    case 'plain':
    case 'routingKey':
    case 'publishedKey':
      return value
  }
}
