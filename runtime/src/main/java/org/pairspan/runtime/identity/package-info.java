/**
 * Who a certificate speaks for. One URI in the subject alternative name carries the role and the id; the RFC 3779 extension carries the IP
 * prefixes a member may register. Nothing else in a certificate, its subject name least of all, has a meaning here.
 */
package org.pairspan.runtime.identity;
