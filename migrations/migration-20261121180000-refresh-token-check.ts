import { Migration } from '@mikro-orm/migrations';

/**
 * The `jti` of a refresh token as the database computes it, so that one statement checks, rotates and returns:
 * HMAC-SHA256 (RFC 2104) of the generation in decimal digits under the row's 32 bytes of secret.
 */
export class RefreshTokenCheckMigration extends Migration {
  override async up(): Promise<void> {
    // PostgreSQL has no XOR of bytes without an extension, so the key goes by four integers of 64 bits. A key shorter
    // than the block of 64 bytes is filled up with zeros, and of those the pad alone is left.
    const padded = (integer: bigint, byte: string): string => {
      const quarters = [1, 17, 33, 49].map(
        (from) =>
          `int8send(('x' || substr(encode(secret, 'hex'), ${from}, 16))::bit(64)::bigint # ${integer})`,
      );
      return `${quarters.join(' || ')} || '\\x${byte.repeat(32)}'::bytea`;
    };
    const inner = padded(0x3636363636363636n, '36');
    const outer = padded(0x5c5c5c5c5c5c5c5cn, '5c');
    this.addSql(`
      create function refresh_jti(secret bytea, generation integer) returns bytea
      language sql immutable strict parallel safe as $$
        select sha256(${outer} || sha256(${inner} || convert_to(generation::text, 'UTF8')))
      $$`);
  }

  override async down(): Promise<void> {
    this.addSql(`drop function refresh_jti(bytea, integer)`);
  }
}
