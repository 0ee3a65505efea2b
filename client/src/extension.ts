import { type Credentials } from './credentials.ts';
import { type SessionRecord } from './session-record.ts';
import { touchSession } from './session-calls.ts';
import { type SessionFacts } from './session-state.ts';
import { RefusedError, type Transport } from './transport.ts';

/** Tells the server of activity, which moves the idle deadline. */
export interface Extension {
  /** Somebody used the page. Resolves to whether the server has heard of it; never rejects. */
  report(): Promise<boolean>;
  /** Somebody chose to stay. Never rejects: the state tells how it went. */
  stay(): Promise<void>;
}

export function createExtension(dependencies: {
  record: SessionRecord;
  hasSession(): boolean;
  credentials: Credentials;
  /** Whether a renewal can be activity itself. */
  renewsActively: boolean;
  transport: Transport;
  onTouched(session: SessionFacts): void;
  onRefused(error: RefusedError, sessionId: string): void;
}): Extension {
  const { record, hasSession, credentials, renewsActively, transport, onTouched, onRefused } = dependencies;
  const { facts } = record;
  let staying: Promise<void> | null = null;

  async function touch(accessToken: string): Promise<void> {
    const sessionId = facts.session?.id ?? '';
    try {
      onTouched(await touchSession(transport, accessToken));
    } catch (error) {
      if (error instanceof RefusedError) onRefused(error, sessionId);
      throw error;
    }
  }

  async function renewActively(): Promise<void> {
    const { isActivity } = await credentials.renew({ userActive: true });
    // Somebody else's renewal, or the answer to an earlier one, moved nothing.
    if (!isActivity) await touch(await credentials.get());
  }

  async function extend(): Promise<void> {
    const { token } = credentials;
    if (token === null) return renewActively();
    try {
      await touch(token);
    } catch (error) {
      // The token may have been refused for its age alone.
      if (error instanceof RefusedError && hasSession()) return renewActively();
      throw error;
    }
  }

  async function answerNotice(): Promise<void> {
    record.change({ extending: 'yes' });
    try {
      // Where a renewal is of no use by itself, the token at hand will do.
      await (renewsActively ? renewActively() : extend());
      record.change({ extending: 'no' });
    } catch {
      record.change({ extending: hasSession() ? 'failed' : 'no' });
    }
  }

  return {
    async report() {
      try {
        await extend();
        return true;
      } catch {
        return false;
      }
    },
    async stay() {
      if (!hasSession()) return;
      staying ??= answerNotice().finally(() => {
        staying = null;
      });
      await staying;
    },
  };
}
