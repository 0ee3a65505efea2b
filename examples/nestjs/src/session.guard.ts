import { type Curfew } from '@curfew/client/server';
import { Inject, ServiceUnavailableException, UnauthorizedException } from '@nestjs/common';
import { type CanActivate, type ExecutionContext } from '@nestjs/common';
import { type Request } from 'express';
import { tokenOf } from './curfew.js';

export class SessionGuard implements CanActivate {
  constructor(@Inject('CURFEW') private readonly curfew: Curfew) {}

  async canActivate(context: ExecutionContext) {
    const request = context.switchToHttp().getRequest<Request>();
    const result = await this.curfew.check(tokenOf(request));
    if (result.state === 'unavailable') throw new ServiceUnavailableException();
    if (result.state === 'refused') throw new UnauthorizedException(result.reason);
    request.curfew = result.session;
    return true;
  }
}
