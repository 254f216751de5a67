/**
 * How members come by certificates: one-time tokens, which operators make, and renewal by the certificate a member has. A server does this
 * only where it is configured with an issuing authority.
 */
package org.pairspan.kms.enrolment;
