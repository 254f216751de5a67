/** {@code pairspan pki}: makes the authority and the certificates of members and key servers, and shows what is in a certificate. */
package org.pairspan.cli.pki;
