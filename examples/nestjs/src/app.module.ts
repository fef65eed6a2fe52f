import { Module } from '@nestjs/common'
import { TerminusModule } from '@nestjs/terminus'
import { WarrenModule } from 'warren/nestjs'
import { EmailsService } from './emails.service.js'
import { HealthController } from './health.controller.js'
import { OrdersController } from './orders.controller.js'

@Module({
  imports: [WarrenModule.forRoot({ topology: 'topology.json' }), TerminusModule.forRoot()],
  controllers: [OrdersController, HealthController],
  providers: [EmailsService],
})
export class AppModule {}
