import type { Service } from '@couplet/contracts';
import type { KeyFiles } from './key-files.ts';

/** Receipts are years old; a live system takes presentation times of the present only. */
const HUNDRED_YEARS_MS = 100 * 365 * 86_400_000;

/** What each service is told beside its database and its NATS user. */
export function settingsOf(service: Service, keys: KeyFiles): Record<string, string> {
  switch (service) {
    case 'settlement-relay':
      return { TOKEN_KEY_FILE: keys.tokenKey, FINGERPRINT_KEY_FILE: keys.fingerprintKey };
    case 'medium-registry':
      return { TOKEN_KEY_FILE: keys.tokenKey, PRESENTED_AT_TOLERANCE_MS: String(HUNDRED_YEARS_MS) };
    case 'barcode':
      return { CODE_KEYS_FILE: keys.codeKeys, SCAN_AGE_MAX_MS: String(HUNDRED_YEARS_MS) };
    case 'issuance':
    case 'analytics':
    case 'network-simulator':
      return {};
  }
}
