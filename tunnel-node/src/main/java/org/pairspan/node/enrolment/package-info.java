/**
 * How a node comes by its certificate: the first with a token, the next with the one it has, at the enrolment port of a key server. Keys are
 * made here and never leave.
 */
package org.pairspan.node.enrolment;
