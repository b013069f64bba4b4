/** Why TLS failed, in words, and what to do about it. */
export interface TlsFailure {
  readonly reason: string;
  readonly advice: string;
}

const ownCertificate = "Set DOCKER_CERT_PATH to the folder of the client's cert.pem and key.pem, and of ca.pem";

const wrongSigner: TlsFailure = {
  reason: "the engine's certificate is signed by nobody who is trusted",
  advice: "ca.pem must be of the authority that signed the engine's certificate",
};

/** Codes of OpenSSL for the engine's certificate (X509_V_ERR), and of Node for its names. */
const aboutEngine: Readonly<Record<string, TlsFailure>> = {
  CERT_HAS_EXPIRED: {
    reason: "the engine's certificate has expired",
    advice: "Renew the certificate of the engine, or set this machine's clock",
  },
  CERT_NOT_YET_VALID: {
    reason: "the engine's certificate is not valid yet",
    advice: "Set the clock of this machine, or that of the engine's",
  },
  ERR_TLS_CERT_ALTNAME_INVALID: {
    reason: "the engine's certificate is for other names",
    advice: "Connect by a name that the certificate has",
  },
  CERT_SIGNATURE_FAILURE: wrongSigner,
  DEPTH_ZERO_SELF_SIGNED_CERT: wrongSigner,
  SELF_SIGNED_CERT_IN_CHAIN: wrongSigner,
  UNABLE_TO_GET_ISSUER_CERT: wrongSigner,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: wrongSigner,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: wrongSigner,
};

const notTls: TlsFailure = {
  reason: "what answers there does not speak TLS",
  advice: "Unset DOCKER_TLS_VERIFY if the engine is not protected; a protected one most often listens on port 2376",
};

const notWanted = (reason: string): TlsFailure => ({ reason: `the engine ${reason}`, advice: ownCertificate });

/** What the engine says of the client's certificate, by the name of the alert (RFC 8446, section 6.2). */
const alerts: Readonly<Record<string, TlsFailure>> = {
  CERTIFICATE_REQUIRED: notWanted("wants a client's certificate, and there is none"),
  CERTIFICATE_EXPIRED: notWanted("refuses the client's certificate, which has expired"),
  CERTIFICATE_REVOKED: notWanted("refuses the client's certificate, which was revoked"),
  UNKNOWN_CA: notWanted("refuses the client's certificate, which is signed by nobody whom it trusts"),
  // Go's answer in TLS 1.2 to a certificate that is missing, and in all versions to one that is expired or not trusted.
  BAD_CERTIFICATE: notWanted("refuses the client's certificate, or the lack of one"),
  CERTIFICATE_UNKNOWN: notWanted("refuses the client's certificate"),
  UNSUPPORTED_CERTIFICATE: notWanted("refuses the client's certificate, which is not meant for clients"),
  ACCESS_DENIED: notWanted("refuses the client"),
};

/** What the platform's code means if it comes from TLS. */
export function tlsFailure(code: string | undefined): TlsFailure | undefined {
  if (code === "ERR_SSL_WRONG_VERSION_NUMBER" || code === "ERR_SSL_PACKET_LENGTH_TOO_LONG") {
    return notTls;
  }
  return code === undefined ? undefined : (aboutEngine[code] ?? alertOf(code));
}

/**
 * The refusal of the client by the engine, if the code is one. In TLS 1.3 it comes after the handshake, with the first
 * read; no request has been heard then.
 */
function alertOf(code: string): TlsFailure | undefined {
  // OpenSSL 3 calls those "ssl/tls" from version 3.2 on, which Node 22 has, that were "sslv3" before.
  const [, alert] = /^ERR_SSL_(?:SSLV3|SSL\/TLS|TLSV1|TLSV13)_ALERT_(\w+)$/.exec(code) ?? [];
  return alert === undefined ? undefined : alerts[alert];
}
