/**
 * The part of `@nestjs/core` that `warren/nestjs` imports. This project does not install Nest: a test compiles and runs
 * examples/nestjs with the real packages.
 */
declare module '@nestjs/core' {
  import type { NestModule } from './find-decorated.ts'

  export class ModulesContainer extends Map<string, NestModule> {}
}
