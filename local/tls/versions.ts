import type { SecureContextOptions } from "node:tls";
import type { TlsModel } from "../../simulation/model";

const NAMES = { "1.0": "TLSv1", "1.1": "TLSv1.1", "1.2": "TLSv1.2", "1.3": "TLSv1.3" } as const;

/** OpenSSL allows TLS 1.0 and 1.1 only at this level of security. Source: OpenSSL, SSL_CTX_set_security_level. */
const FOR_OLD_VERSIONS = "DEFAULT@SECLEVEL=0";

/** The versions of TLS that a listener takes. Its ciphers are those of Node. */
export function handshakeOf({ oldest, newest }: TlsModel): SecureContextOptions {
  return {
    minVersion: NAMES[oldest],
    maxVersion: NAMES[newest],
    ...(oldest < "1.2" ? { ciphers: FOR_OLD_VERSIONS } : {}),
  };
}
