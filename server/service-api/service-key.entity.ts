import { defineEntity, p, Uint8ArrayType } from '@mikro-orm/core';
import type { ServiceKeyScope } from '../generated/schema.ts';

const ServiceKeySchema = defineEntity({
  name: 'ServiceKey',
  tableName: 'service_keys',
  properties: {
    id: p.uuid().primary(),
    /** Null: a key for all accounts. */
    accountId: p.uuid().nullable(),
    name: p.text(),
    /** Null: all that a service key may do. */
    scope: p.text().$type<ServiceKeyScope>().nullable(),
    /** `hashServiceKey` of the key. The key itself is shown once and never stored. */
    keyHash: p.type(Uint8ArrayType),
    createdAt: p.datetime(3),
    expiresAt: p.datetime(3).nullable(),
    revokedAt: p.datetime(3).nullable(),
    lastUsedAt: p.datetime(3).nullable(),
    /** The owner who created it. Null: an operator, by a command. */
    createdBy: p.uuid().nullable(),
  },
});

/** The credential of a trusted back end. */
export class ServiceKey extends ServiceKeySchema.class {}
ServiceKeySchema.setClass(ServiceKey);
