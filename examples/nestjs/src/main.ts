import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type NestExpressApplication } from '@nestjs/platform-express';
import { AccountController } from './account.controller.js';
import { curfewProvider } from './curfew.js';
import { SessionController } from './session.controller.js';

@Module({ controllers: [SessionController, AccountController], providers: [curfewProvider] })
class AppModule {}

const app = await NestFactory.create<NestExpressApplication>(AppModule, { bodyParser: false });
// JSON only, which no form of another site can send.
app.useBodyParser('json');
app.useStaticAssets('public');
await app.listen(process.env.PORT ?? 3000, '127.0.0.1');
