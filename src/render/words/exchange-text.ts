import { showText } from './show-value.ts'

/** The name of an exchange. That of the default exchange is empty, so it is described instead. */
export function exchangeText(name: string): string {
  return name === '' ? 'default exchange' : showText(name)
}
