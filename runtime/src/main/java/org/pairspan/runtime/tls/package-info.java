/**
 * TLS 1.3 with certificates at both ends, on Bouncy Castle's JSSE: RFC 8998 for SM2 certificates, the international suites for ECDSA.
 * Whether the peer is one to talk to is decided inside the handshake, by its certificate chain, its key and the role it carries. Host names are
 * not compared: an identity is the URN in the certificate, and a key server or member may move to any address. Revocation lists are not
 * consulted: an identity ends with its certificate's validity or with its removal from the directory.
 */
package org.pairspan.runtime.tls;
