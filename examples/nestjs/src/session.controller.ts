import { deviceOf, type Curfew } from '@curfew/client/server';
import { Controller, Inject, Post, Req, Res, UnauthorizedException } from '@nestjs/common';
import { type Request, type Response } from 'express';
import { options, tokenOf } from './curfew.js';
import { checkPassword } from './users.js';

@Controller()
export class SessionController {
  constructor(@Inject('CURFEW') private readonly curfew: Curfew) {}

  @Post('sign-in')
  async signIn(@Req() request: Request, @Res() response: Response) {
    const user = await checkPassword(request.body);
    if (!user) throw new UnauthorizedException();
    const person = { externalId: user.id, email: user.email, name: user.name };
    await this.curfew.endSession(tokenOf(request));
    const { sessionToken } = await this.curfew.createSession({ ...person, ...deviceOf(request) });
    response.cookie('app_session', sessionToken, options).sendStatus(204);
  }

  // By `json`: of a null that is returned, Nest makes an empty answer.
  @Post('session-access-token')
  async sessionAccessToken(@Req() request: Request, @Res() response: Response) {
    response.status(200).json(await this.curfew.sessionAccessToken(tokenOf(request)));
  }

  @Post('sign-out')
  async signOut(@Req() request: Request, @Res() response: Response) {
    await this.curfew.endSession(tokenOf(request));
    if (tokenOf(request)) response.clearCookie('app_session', options);
    response.sendStatus(204);
  }
}
