import { socketLock } from '../../src/adapters/socket-lock.ts';
import { lockContract } from '../engine-contract/lock-contract.ts';

lockContract('a socket of the host', () => Promise.resolve(socketLock));
