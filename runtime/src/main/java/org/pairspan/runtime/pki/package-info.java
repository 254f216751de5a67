/**
 * The certificate authority of a Pairspan installation: one authority certificate, and below it one certificate for each member and key server.
 * SM2 unless asked otherwise.
 */
package org.pairspan.runtime.pki;
