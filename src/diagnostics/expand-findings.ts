import { error } from './kind.ts'

/** What turning declarations into a topology can find: references to things that are not there, names, rights. */
export const expandFindings = {
  'unknown-exchange': error((args: { exchange: string; vhost: string; suggestion?: string }) => ({
    message: `exchange "${args.exchange}" is not declared in vhost "${args.vhost}"`,
    hint: args.suggestion
      ? `did you mean "${args.suggestion}"?`
      : 'declare it under exchanges:, with external: true if another project owns it',
  })),
}
