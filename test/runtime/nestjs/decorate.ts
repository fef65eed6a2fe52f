import type { MethodDecoratorFor } from '../../../src/runtime/nestjs/decorators.ts'

/** Applies a decorator as TypeScript does for Nest (`experimentalDecorators`). The test runner compiles no decorators. */
export function decorate<Method>(
  { prototype }: { readonly prototype: object },
  name: string,
  decorator: MethodDecoratorFor<Method>,
): void {
  decorator(prototype, name, Object.getOwnPropertyDescriptor(prototype, name) as TypedPropertyDescriptor<Method>)
}
