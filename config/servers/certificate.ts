/** Folder of the certificate and its key in the container of a server that uses TLS itself; see boot/certificate.sh. */
export const CERTIFICATE_DIRECTORY = "/tls";

/** PEM, self-signed: made by the instance whenever its server starts. */
export const CERTIFICATE_FILE = `${CERTIFICATE_DIRECTORY}/certificate.pem`;

/** PEM, of the curve P-256. */
export const KEY_FILE = `${CERTIFICATE_DIRECTORY}/key.pem`;
