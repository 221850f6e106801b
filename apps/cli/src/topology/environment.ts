import type { Program } from '@couplet/contracts';
import type { KeyFiles } from './key-files.ts';

/** Where the gateway of this run listens, and the relay whose cards it may charge. */
export interface GatewayPlace {
  port: number;
  relayPasswords: Readonly<Record<string, string>>;
}

/** Receipts are years old; a live system takes presentation times of the present only. */
const HUNDRED_YEARS_MS = 100 * 365 * 86_400_000;

/** What each program is told beside its database and its NATS user. */
export function settingsOf(
  name: Program,
  keys: KeyFiles,
  { port, relayPasswords }: GatewayPlace,
): Record<string, string> {
  switch (name) {
    case 'settlement-relay':
      return { TOKEN_KEY_FILE: keys.tokenKey, FINGERPRINT_KEY_FILE: keys.fingerprintKey };
    case 'medium-registry':
      return { TOKEN_KEY_FILE: keys.tokenKey, PRESENTED_AT_TOLERANCE_MS: String(HUNDRED_YEARS_MS) };
    case 'barcode':
      return { CODE_KEYS_FILE: keys.codeKeys, SCAN_AGE_MAX_MS: String(HUNDRED_YEARS_MS) };
    case 'gateway':
      return {
        GATEWAY_KEY_FILE: keys.gatewayKey,
        HOST: '127.0.0.1',
        PORT: String(port),
        PUBLIC_URL: `http://127.0.0.1:${port}`,
        CLIENTS: '[]',
        RELAY_PASSWORDS: JSON.stringify(relayPasswords),
      };
    case 'issuance':
    case 'analytics':
    case 'network-simulator':
      return {};
  }
}
