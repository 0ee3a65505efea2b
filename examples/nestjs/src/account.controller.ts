import { type Curfew } from '@curfew/client/server';
import { Controller, Get, HttpCode, Post, UseGuards } from '@nestjs/common';
import { Inject, Req, Res, UnauthorizedException } from '@nestjs/common';
import { type Request, type Response } from 'express';
import { options, tokenOf } from './curfew.js';
import { SessionGuard } from './session.guard.js';
import { checkPassword, findUser } from './users.js';

@Controller()
@UseGuards(SessionGuard)
export class AccountController {
  constructor(@Inject('CURFEW') private readonly curfew: Curfew) {}

  @Get('account')
  account(@Req() request: Request) {
    return { name: findUser(request.curfew!.externalId)?.name };
  }

  @Post('reauthenticate')
  @HttpCode(200)
  async reauthenticate(@Req() request: Request, @Res() response: Response) {
    const { email } = findUser(request.curfew!.externalId)!;
    if (!(await checkPassword({ ...request.body, email }))) throw new UnauthorizedException();
    const { sessionToken } = await this.curfew.reauthenticateSession(tokenOf(request)!);
    response.cookie('app_session', sessionToken, options);
    response.json(await this.curfew.sessionAccessToken(sessionToken));
  }
}
