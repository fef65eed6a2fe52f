import { Controller, Get } from '@nestjs/common'
import { HealthCheck, HealthCheckService } from '@nestjs/terminus'
import { WarrenHealthIndicator } from 'warren/nestjs'

@Controller()
export class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly warren: WarrenHealthIndicator,
  ) {}

  @Get('ready')
  @HealthCheck()
  ready() {
    return this.health.check([() => this.warren.isReady('rabbitmq')])
  }

  @Get('alive')
  @HealthCheck()
  alive() {
    return this.health.check([() => this.warren.isAlive('rabbitmq')])
  }
}
