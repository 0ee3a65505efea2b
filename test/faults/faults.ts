import { databaseFaults } from './faults.database.ts';
import { nodeFaults } from './faults.nodes.ts';
import { redisFaults } from './faults.redis.ts';
import type { Installation, Place } from './installation.ts';

/** A kind of failure. When a node fails, each round picks another one. */
export interface Fault {
  readonly name: string;
  readonly needsRedis?: boolean;
  /** Nodes that have to answer /readyz with 503 while it lasts. */
  readonly unready?: 'the node' | 'every node';
  /** Whether at least one node serves everything while it lasts. */
  readonly isServedElsewhere: boolean;
  begin(at: Site): Promise<unknown>;
  /** Undoes the fault, also after a round that failed. */
  end(at: Site): Promise<unknown>;
}

export interface Site extends Installation {
  /** The node that the fault affects. */
  readonly hit: Place;
}

export const faults: readonly Fault[] = [...nodeFaults, ...databaseFaults, ...redisFaults];
