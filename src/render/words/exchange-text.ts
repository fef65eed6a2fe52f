import { showText } from './show-value.ts'

/** The name of an exchange. The name of the default exchange is empty, so a description replaces it. */
export function exchangeText(name: string): string {
  return name === '' ? 'default exchange' : showText(name)
}
