import type { LiveSession } from './check-result.ts';
import type { RequestHeaders } from './request-token.ts';

declare global {
  // Where Express expects the properties that middleware adds; unused without Express.
  // eslint-disable-next-line @typescript-eslint/no-namespace
  namespace Express {
    interface Request {
      /** The session of the request, set by `requireSession`. */
      curfew?: LiveSession;
    }
  }
}

/** The part of Express's request and response that is used, so that any version of Express fits, and connect. */
export interface MiddlewareRequest {
  headers: RequestHeaders;
}
export interface MiddlewareResponse {
  statusCode: number;
  setHeader(name: string, value: string): unknown;
  end(text: string): unknown;
}

/* eslint-disable @typescript-eslint/ban-ts-comment, @typescript-eslint/consistent-type-imports --
   An application without Express has no such module: then the comment, which reaches the .d.ts file, makes the type `any`.
   An import statement would need a comment that the compiler leaves out. */
/** @ts-ignore: The types of Express are those that the application has installed. */
type ExpressHandler = import('express').RequestHandler;
/* eslint-enable @typescript-eslint/ban-ts-comment, @typescript-eslint/consistent-type-imports */
type IsAny<T> = 0 extends 1 & T ? true : false;

/** Express's request where its types are installed, so that callbacks need no annotation. */
export type DefaultRequest =
  IsAny<ExpressHandler> extends true ? MiddlewareRequest : Parameters<ExpressHandler>[0];
/** Express's response where its types are installed. */
export type DefaultResponse =
  IsAny<ExpressHandler> extends true ? MiddlewareResponse : Parameters<ExpressHandler>[1];
