/**
 * The member link: TLS 1.3 with client certificates, length-prefixed protobuf frames, one actor for each connection.
 */
package org.pairspan.kms.endpoint;
