import { error } from './kind.ts'

/** What checking documents against the format, and merging them, can find. */
export const declarationFindings = {
  'unknown-key': error((args: { key: string; allowed: readonly string[]; suggestion?: string }) => ({
    message: `unknown key "${args.key}"`,
    hint: args.suggestion ? `did you mean "${args.suggestion}"?` : `expected one of: ${args.allowed.join(', ')}`,
  })),
}
